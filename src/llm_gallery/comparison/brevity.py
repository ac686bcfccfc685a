"""Phrases in fewer words: what the table says anyway is left out first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

DETAILS = re.compile(r" \((?!\S+ per token|windows |chunks )[^()]*,[^()]* [^()]*\)(?= |$|,)")
"""Several facts of a mechanism in brackets; not how many experts, not windows, and not the digits of one number."""
FEW = 7
"""Words of such brackets that are read at a glance."""
EVERYWHERE = re.compile(r"( instead of .*) in every layer$")
PLACE = re.compile(
    r" in (?:every layer|[\w,]+ layers? of [\w,]+|[\d,]+ of [\d,]+ layers|\w+(?= and ))"
)
REPLACED = re.compile(r" instead of (?!\d)(?:\S+ ){2,}.*$")
"""What is replaced, where it has more than two words."""


def count(text: str) -> int:
    """Words: all but arrows."""
    return len(text.split()) - text.count("→")


@lru_cache(2**14)
def length(phrase: str) -> int:
    """The words of a phrase, which many sentences have in common."""
    return count(phrase)


@lru_cache(2**14)
def plain(words: str) -> str:
    """Without many details of a mechanism, and without any before what part of its layers has."""
    details = DETAILS.search(words)
    many = details and (count(details[0]) > FEW or words.startswith(" with ", details.end()))
    return brief(words) if many else words


@lru_cache(2**14)
def brief(words: str) -> str:
    """Without the details of a mechanism, and without the places of several that it replaces."""
    new, instead, old = EVERYWHERE.sub(r"\1", DETAILS.sub("", words)).partition(" instead of ")
    return new + instead + (PLACE.sub("", old) if " and " in old else old)


@lru_cache(2**14)
def briefest(words: str) -> str:
    """Without what it replaces, too, where that has many words."""
    return REPLACED.sub("", brief(words))


@lru_cache(2**14)
def briefest_alone(words: str) -> str:
    """The same for a phrase that must still say what it is about, and in which layers."""
    short = briefest(words)
    named = short[:1].isupper() or " " in short
    return short if named and " in " not in words[len(short) :] else words


def shortest(words: Sequence[str], wanted: int, most: int) -> list[str]:
    """Phrases with their details where they have so many words together as are wanted; else shorter ones.

    Those have at most `most` words: without details, then without what is replaced, the last phrase first;
    else fewer phrases.
    """
    detailed, form = [*map(plain, words)], [*map(brief, words)]
    if sum(map(length, detailed)) <= wanted:
        return detailed
    for at in range(len(words), -1, -1):
        form[at:] = [*map(briefest, words[at:])]
        if sum(map(length, form)) <= most:
            return form
    return shortest(words[:1], wanted, most) if len(words) > 1 else form
