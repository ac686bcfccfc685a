"""Sentences in which *what matters* is bold, broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Span, cut, width

LEADING = 1.38


def prose(
    sheet: Sheet, x: float, y: float, room: float, marked: str, size: float, role: str = "ink"
) -> float:
    """Sets the sentences with the first baseline at y; gives back where the next line would stand."""
    for line in lines(marked, room, size):
        sheet.label(x, y, line, size=size, role=role)
        y += LEADING * size
    return y


def lines(marked: str, room: float, size: float) -> Iterator[tuple[Span, ...]]:
    """The words in lines of at most so many px, each a few spans."""
    line: list[tuple[str, bool]] = []
    for text, bold in _words(marked):
        word = cut(text, room, size, 600 if bold else 400), bold
        if line and _long([*line, word], size) > room:
            yield _spans(line)
            line = []
        line.append(word)
    if line:
        yield _spans(line)


def sentences_of(marked: str) -> list[str]:
    """The sentences, each by itself."""
    return [
        part
        for part in re.split(r"(?<=\.)\s+(?=[A-Z*\d])|(?<=\.\*)\s+(?=[A-Z*\d])", marked)
        if part
    ]


def _words(marked: str) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it is bold; a mark that touches no space is part of its word, and "8 → 6" is one."""
    bold = False
    for part in re.findall(r"\S+(?: → \S+)?", marked):
        starts = part.startswith("*")
        bold = bold or starts
        text = part.replace("*", "")
        yield text, bold
        if part.rstrip(".,;:").endswith("*"):
            bold = False


def _long(words: list[tuple[str, bool]], size: float) -> float:
    return width(_spans(words), size)


def _spans(words: list[tuple[str, bool]]) -> tuple[Span, ...]:
    """Neighbours of one weight as one span."""
    found: list[tuple[str, bool]] = []
    for text, bold in words:
        if found and found[-1][1] == bold:
            found[-1] = (f"{found[-1][0]} {text}", bold)
        else:
            found = [*found[:-1], *((f"{before} ", was) for before, was in found[-1:])]
            found.append((text, bold))
    return tuple(Span(text, 600 if bold else None) for text, bold in found)
