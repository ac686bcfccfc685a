"""Printed code as a page shows it: lines with their numbers; comments, strings and keywords marked, functions linked."""

from __future__ import annotations

import keyword
import tokenize
from collections.abc import Collection, Iterator, Mapping
from io import StringIO
from typing import NamedTuple

from markupsafe import Markup, escape

OPENING = {"FSTRING_START", "TSTRING_START"}
CLOSING = {"FSTRING_END", "TSTRING_END"}


class Mark(NamedTuple):
    """Characters of a line, and what they are: `c` a comment, `s` a string, `k` a keyword, `f` a function."""

    start: int
    end: int
    sort: str


def code_lines(text: str, functions: Mapping[str, int]) -> tuple[Markup, ...]:
    """The lines of a file; `functions` are the lines that define some, to which other lines lead."""
    lines = text.rstrip("\n").split("\n")
    marks: list[list[Mark]] = [[] for _ in lines]
    for line, mark in _marks(text, functions):
        marks[line - 1].append(mark)
    return tuple(_line(line, held, functions) for line, held in zip(lines, marks, strict=True))


def _line(line: str, marks: list[Mark], functions: Mapping[str, int]) -> Markup:
    made, at = [], 0
    for start, end, sort in marks:
        piece = escape(line[start:end])
        made.append(escape(line[at:start]))
        if sort == "f" and not line.startswith("def "):
            made.append(Markup('<a href="#L{}">{}</a>').format(functions[piece], piece))
        else:
            made.append(Markup('<span class="{}">{}</span>').format(sort, piece))
        at = end
    return Markup("").join([*made, escape(line[at:])])


def _marks(text: str, functions: Collection[str]) -> Iterator[tuple[int, Mark]]:
    """Marks by their line, in order; a string of several lines has one on each."""
    opened: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if name in OPENING:
            opened.append(token.start)
        elif name in CLOSING:
            start = opened.pop()
            if not opened:
                yield from _spread(text, start, token.end, "s")
        elif opened:
            continue
        elif name == "STRING":
            yield from _spread(text, token.start, token.end, "s")
        elif name == "COMMENT":
            yield from _spread(text, token.start, token.end, "c")
        elif name == "NAME" and (keyword.iskeyword(token.string) or token.string in functions):
            sort = "k" if keyword.iskeyword(token.string) else "f"
            yield token.start[0], Mark(token.start[1], token.end[1], sort)


def _spread(
    text: str, start: tuple[int, int], end: tuple[int, int], sort: str
) -> Iterator[tuple[int, Mark]]:
    """A mark for each line from a place to another."""
    if start[0] == end[0]:
        yield start[0], Mark(start[1], end[1], sort)
        return
    lines = text.split("\n")
    for number in range(start[0], end[0] + 1):
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else len(lines[number - 1])
        if last > first:
            yield number, Mark(first, last, sort)
