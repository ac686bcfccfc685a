"""What no sentence of a difference may have: faults of grammar, and more words than are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from llm_gallery.comparison import Difference
from llm_gallery.comparison.sentences import difference_text

NAME = re.compile(r"[A-Za-z]_|_[A-Za-z]|[A-Za-z]{2}\.[a-z0-9]|layernorm")
"""What looks like a key of a config or of a checkpoint."""
FAULTS: Mapping[str, re.Pattern[str]] = {
    "itself": re.compile(r"(?:^|, | with | and |: | has )([^,;.:]+) instead of \1(?=[,;.]| and )"),
    "without, or": re.compile(r"\bwithout [^.,;]*\bor\b"),
    "nothing in numbers": re.compile(r"none →|→ none|(?<![\d.,])0 →|→ 0(?![\d.,])"),
    "a dash beside a value": re.compile(r"– and|and –"),
    "a name of a tensor": NAME,
    "a word twice": re.compile(r"\b(\w+) \1\b"),
    "two places": re.compile(r"\blayers?(?: of \w+)? in (?:every|some|the|\w+ layers?)\b"),
    "but, but": re.compile(r", but no [^.]*, but no "),
    "a side of nothing": re.compile(r"\bothers (?:it|instead of (?:before|after) it)\b"),
    "no list": re.compile(
        r"\bhas [\w,]+ more changes?\.|\bhas (?:and|or|but)\b|[:,] [.,;]|, and and "
    ),
    "a slip": re.compile(r"None|True|False|[{}_]|  |,,|\bno no\b|some layers in|with [;.]"),
}
KIN, STRANGERS, FAR = 60, 70, 6.0
"""Words at most besides sizes that are always said, and the weight of causes from which on two models are strangers."""


def grammar_faults(one: Difference) -> Iterator[str]:
    """What is wrong in how a difference reads, from all its sentences."""
    text = " ".join(one.sentences)
    far = sum(change.weight for change in one.causes) >= FAR
    words = _words(text) - (_words(always(one)) if one.changes else 0)
    if words > (STRANGERS if far else KIN):
        yield f"{words} words: {text}"
    new, said = one.new.name, text[len(one.new.name) :]
    if not (text.startswith(new) and said.startswith((" is ", " has ")) and one.old.name in said):
        yield f"not of both: {text}"
    bare = text.replace(one.old.name, "A").replace(one.new.name, "B")
    yield from (f"{name}: {text}" for name, fault in FAULTS.items() if fault.search(bare))


def always(one: Difference) -> str:
    """The sizes that stand in the sentences whatever their room."""
    said = difference_text(one.old, one.new, one.changes)
    return " ".join((said.scaled, *said.always))


def _words(text: str) -> int:
    return sum(1 for word in text.split() if word != "→")
