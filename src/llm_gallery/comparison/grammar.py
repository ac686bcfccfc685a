"""Phrases that stand after "with" put together: what is there, then what isn't."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from llm_gallery.comparison.brevity import count
from llm_gallery.comparison.phrases import listed

PAIRS = (
    "queries and keys", "keys and values", "attention and MLP", "before and after", "query and key",
)  # fmt: skip
"""What everybody reads as one."""
SHORT = 6
"""Words of "instead of" phrases that are read at a glance."""
PLACED = re.compile(
    r" in ([\w,]+ layers? of [\w,]+|[\d,]+ of [\d,]+ layers|the [\w ]+ layers?|some layers)$"
)
"""Words that end in saying which layers they hold for."""
STANDING = re.compile(
    r" (?:in|after) (?:[\w,]+ of [\w,]+ layers?|[\w,]+ layers? of [\w,]+|(?:the|every|some) [\w ]*layers?)\*?$"
)
"""Words, marked or not, that end in where a thing stands: without a comma, what follows would be read as standing there."""


def phrased(phrases: Sequence[str]) -> str:
    """What is there, then what isn't: "a and b, but no c or d"."""
    gone = [part for words in phrases if absent(words) for part in words.split(" and no ")]
    lacking = [words.removeprefix("no ") for words in gone]
    present = [words for words in phrases if not absent(words)]
    if not present:
        return f"no {listed(lacking, 'or')}"
    without = f", but no {listed(lacking, 'or')}" if lacking else ""
    return listed(present, ", and" if _apart(present) else "and") + without


def phrased_words(phrases: Sequence[str], *, others: bool = False) -> int:
    """How many words that has, without putting it together: asked of every phrase that is tried.

    `others` says whether something else that is there is listed at the end; its own words aren't counted.
    """
    present = lacking = words = 0
    for phrase in phrases:
        count, gone = _counted(phrase)
        words += count
        lacking += gone
        present += not gone
    if not present and not others:
        return 1 + words + (lacking > 1)  # "no", "or"
    present += others
    return words + (present > 1) + (2 + (lacking > 1) if lacking else 0)  # "and", "but no", "or"


@lru_cache(2**14)
def _counted(phrase: str) -> tuple[int, int]:
    """The words of a phrase in a list, and how many things it says are gone."""
    if not absent(phrase):
        return count(phrase), 0
    lacking = [part.removeprefix("no ") for part in phrase.split(" and no ")]
    return sum(map(count, lacking)), len(lacking)


def _apart(phrases: Sequence[str]) -> bool:
    """Whether an "and" between them could be read as one inside them."""
    *first, last = phrases
    if any(map(_compound, first)) or any(", leaving " in words for words in first):
        return True
    if len(first) != 1:
        return False  # the commas of a longer list tell its phrases apart
    if STANDING.search(first[0]):
        return True
    replacing = [" instead of " in words for words in phrases]
    long = max(len(words.split()) for words in phrases) > SHORT
    return _compound(last) or (replacing[0] and (long or not replacing[1]))


@lru_cache(2**14)
def _compound(words: str) -> bool:
    """Whether an "and" inside could be read as that of the list."""
    for pair in PAIRS:
        words = words.replace(pair, "")
    return " and " in words


@lru_cache(2**14)
def absent(words: str) -> bool:
    """Whether a thing is gone; "no positions in one layer of four" is there."""
    return words.startswith("no ") and not PLACED.search(words)
