"""Sentences in which *what matters* is bold, broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Span, Weight, cut, width

LEADING = 1.38


def prose(
    sheet: Sheet, x: float, y: float, room: float, marked: str, size: float, role: str = "ink"
) -> float:
    """Sets the sentences with the first baseline at y; gives back where the next line would stand."""
    for line in lines(marked, room, size):
        sheet.label(x, y, line, size=size, role=role)
        y += LEADING * size
    return y


class Run(NamedTuple):
    """Words of one weight that stand side by side."""

    text: str
    weight: Weight


@lru_cache(maxsize=1 << 12)
def lines(marked: str, room: float, size: float) -> tuple[tuple[Span, ...], ...]:
    """The words in lines of at most so many px, each a few spans.

    Kept, for the same sentences are set in every layout of a page that is tried.
    """
    found: list[list[Run]] = []
    line: list[Run] = []
    for text, bold in _words(marked):
        weight: Weight = 600 if bold else 400
        word = Run(cut(text, room, size, weight), weight)
        longer = _with(word, line)
        if line and sum([width(run.text, size, run.weight) for run in longer]) > room:
            found.append(line)
            longer = [word]
        line = longer
    return tuple(
        tuple(Span(text, 600 if weight == 600 else None) for text, weight in each)
        for each in (*found, line)
        if each
    )


def _with(word: Run, line: Sequence[Run]) -> list[Run]:
    """The line with a word more: neighbours of one weight are one run."""
    if not line:
        return [word]
    *before, last = line
    if last.weight == word.weight:
        return [*before, Run(f"{last.text} {word.text}", word.weight)]
    return [*before, Run(f"{last.text} ", last.weight), word]


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
