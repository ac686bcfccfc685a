"""Anybody's words in lines of a width: none is cut, and what is too long for a line is parted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from llm_gallery.figure.kit.text import Weight, width

FOREIGN = 0.6
"""Ems by which a wide character of another font may be wider than measured: an emoji."""


def written(words: str, room: float, size: float, weight: Weight = 400) -> tuple[str, ...]:
    """The words in lines of at most so many px, broken at spaces, and inside a word where it has no room."""
    found: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if _wide(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            found.append(line)
        *parts, line = _parted(word, room, size, weight)
        found += parts
    return (*found, line) if line else tuple(found)


def widest(lines: Iterable[str], size: float, weight: Weight = 400) -> float:
    """Px across the longest line."""
    return max((_wide(line, size, weight) for line in lines), default=0.0)


def _parted(word: str, room: float, size: float, weight: Weight) -> Iterator[str]:
    """A word in pieces that have room; what is one sign to a reader stays one."""
    piece = ""
    for sign in _signs(word):
        if piece and _wide(piece + sign, size, weight) > room:
            yield piece
            piece = ""
        piece += sign
    yield piece


def _signs(word: str) -> Iterator[str]:
    """Characters with the marks on them, and what a joiner joins."""
    sign = ""
    for character in word:
        joins = unicodedata.combining(character) or unicodedata.category(character) in (
            "Mn",
            "Mc",
            "Me",
            "Cf",
        )
        if sign and not joins and not sign.endswith("\u200d"):
            yield sign
            sign = ""
        sign += character
    if sign:
        yield sign


def _wide(text: str, size: float, weight: Weight) -> float:
    more = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return width(text, size, weight) + more * FOREIGN * size
