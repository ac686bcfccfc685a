"""A difference as two or three sentences for a reader who sees the drawing beside them, *what matters* marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.compare import Difference
from llm_gallery.comparison.phrases import NUMBERS, count_word
from llm_gallery.comparison.sentences import NEAR, TAIL, phrased

LEADING, OTHERS, SIZES = 2, 3, 3
"""Causes of the first sentence and of the second, and sizes of the third."""
WEIGHTY = 0.4
"""Share of the first cause's weight that the next one must have to stand beside it."""
OWN = 1.0
"""Weight of a cause of the second sentence from which on it is marked, too."""
_HEAD = re.compile(
    rf"^(.*?)(?= instead of | \(| in (?:every|the|some|{'|'.join(NUMBERS[1:])}|\d+)\b| and no |$)"
)


def paragraph(difference: Difference) -> tuple[str, ...]:
    """Sentences, the most important first; none where there is no difference."""
    causes, sizes = once(difference.causes), _sizes(difference.scale)
    settings = once(difference.settings)
    if not (causes or sizes or settings):
        return ()
    name, old = difference.new.name, difference.old.name
    near = sum(change.weight for change in difference.causes) < NEAR
    if near:
        return tuple(_of_kin(name, old, causes, sizes, settings))
    weights = {change.words: change.weight for change in reversed(difference.causes)}
    first = weights[causes[0]]
    lead = causes[: sum(weights[one] >= WEIGHTY * first for one in causes[:LEADING])]
    rest = causes[len(lead) :]
    said = [f"{name} has {_bold(lead)}."]
    more = len(rest) - OTHERS
    if more > 1:
        rest = [*rest[:OTHERS], f"{count_word(more)} smaller changes"]
    if rest and weights[rest[0]] >= OWN:
        rest[0] = _marked(rest[0])
    if rest:
        said.append(f"It also has {phrased(rest)}." if _has(rest) else f"It has {phrased(rest)}.")
    if sizes:
        said.append(f"In numbers, it has {phrased(sizes[:SIZES])}.")
    return tuple(said)


def _of_kin(
    name: str, old: str, causes: Sequence[str], sizes: Sequence[str], settings: Sequence[str]
) -> list[str]:
    """Of near relatives the sizes are what differs most."""
    if not causes:
        first = sizes[:SIZES] or settings[:SIZES]
        how = "at another size: it has" if sizes else "with"
        return [f"{name} is {old} {how} {phrased([_marked(first[0]), *first[1:]])}."]
    first = sizes[:SIZES] or causes
    said = [f"{name} is {old} with {_bold(first)}."]
    if sizes:
        kept = causes[:OTHERS]
        said.append(f"It {'also ' if _has(kept) else ''}has {phrased(kept)}.")
    return said


def _sizes(changes: Sequence[Change]) -> list[str]:
    """Sizes of the design, then those of the vocabulary and the context."""
    return once(
        [*(c for c in changes if c.key not in TAIL), *(c for c in changes if c.key in TAIL)]
    )


def _bold(words: Sequence[str]) -> str:
    """A list in which the head of each is marked."""
    return phrased([_marked(one) for one in words])


def _marked(words: str) -> str:
    return words if words.startswith("no ") else _HEAD.sub(r"*\1*", words, count=1)


def _has(words: Sequence[str]) -> bool:
    """Whether any of it is there."""
    return any(not one.startswith("no ") for one in words)
