"""Text of known width: spans of Inter, measured with the advances and kerning of the shipped fonts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeVar

Weight = Literal[400, 500, 600]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text; what is None is as in the text around it.

    `shift` raises the baseline (superscript), `gap` is room before the span, in px.
    """

    text: str
    weight: Weight | None = None
    size: float | None = None
    role: str | None = None
    italic: bool = False
    shift: float = 0.0
    gap: float = 0.0
    tabular: bool = False


_CUTS: dict[Weight, str] = {400: "400", 500: "500", 600: "600"}
"""The upright cuts by their weight."""
Content = str | Span | tuple[str | Span, ...]
"""What is handy to write: a string, a span, or several of both."""
Form = TypeVar("Form", bound=Content)


def italic(text: str) -> Span:
    """A symbol of a formula."""
    return Span(text, 400, italic=True)


def superscript(text: str) -> Span:
    """A raised 10 px symbol: the T of a transpose."""
    return Span(text, 400, 10, italic=True, shift=4.5)


def subscript(text: str) -> Span:
    """A lowered 10 px symbol."""
    return Span(text, 400, 10, italic=True, shift=-2.5)


def formula(marked: str) -> Content:
    """Words whose symbols are marked: _italic_, ^raised^, ~lowered~, and *counted*."""
    found: list[str | Span] = []
    end = 0
    for match in _MARKED.finditer(marked):
        found.append(marked[end : match.start()])
        form = _FORMS[match.lastindex or 0]
        found.append(form(match[match.lastindex or 0]))
        end = match.end()
    return tuple(part for part in (*found, marked[end:]) if part)


_MARKED = re.compile(r"_([^_]+)_|\^([^^]+)\^|~([^~]+)~|\*([^*]+)\*")
_FORMS = (Span, italic, superscript, subscript, lambda count: Span(count, 600))


def spans(content: Content) -> tuple[Span, ...]:
    """The content as spans."""
    if isinstance(content, str):
        return _plain(content)
    if isinstance(content, Span):
        return (content,)
    return tuple([_plain(part)[0] if isinstance(part, str) else part for part in content])


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> tuple[Span]:
    """A text alone; the same few names and numbers are on every figure."""
    return (Span(text),)


@dataclass(frozen=True, slots=True)
class _Widths:
    index: dict[str, int]
    advances: tuple[float, ...]
    tabular: float
    left: tuple[int, ...]
    right: tuple[int, ...]
    kerning: tuple[dict[int, float], ...]


@cache
def _widths(cut: str) -> _Widths:
    table = json.loads(
        files("llm_gallery.figure.kit").joinpath("fonts/widths.json").read_text("utf-8")
    )
    row = table[cut]
    return _Widths(
        {c: i for i, c in enumerate(row["characters"])},
        tuple(row["advances"]),
        row["tabular"],
        tuple(row["left"]),
        tuple(row["right"]),
        tuple({int(k): v for k, v in pairs.items()} for pairs in row["kerning"]),
    )


def steps(text: str, cut: str, tabular: bool) -> Iterator[tuple[str, float, float]]:
    """Each character with the kerning before it and its advance, in thousandths of an em."""
    table = _widths(cut)
    before = -1
    for character in text:
        at, kerned = table.index.get(character, -1), 0.0
        if at < 0:
            advance = _foreign(character)
        elif tabular and character in "0123456789":
            # Tabular figures have their own glyphs, which Inter doesn't kern.
            advance, at = table.tabular, -1
        else:
            advance = table.advances[at]
            if before >= 0:
                kerned = table.kerning[table.left[before]].get(table.right[at], 0.0)
        yield character, kerned, advance
        before = at


@lru_cache(maxsize=65536)
def _ems(text: str, cut: str, tabular: bool) -> float:
    """Thousandths of an em."""
    total = 0.0
    for _, before, after in steps(text, cut, tabular):
        total += before + after
    return total


def _foreign(character: str) -> float:
    """A character that the shipped cut lacks comes from another font: wide ones are one em."""
    if unicodedata.combining(character):
        return 0.0
    return 1000.0 if unicodedata.east_asian_width(character) in "WF" else 700.0


def width(
    content: Content,
    size: float,
    weight: Weight = 400,
    *,
    tabular: bool = False,
    tracking: float = 0.0,
) -> float:
    """Px that the text takes in one line; `tracking` is added after each character."""
    if isinstance(content, str):
        return _ems(content, _CUTS[weight], tabular) * size / 1000 + tracking * len(content)
    return width_of_spans(spans(content), size, weight, tabular=tabular, tracking=tracking)


def width_of_spans(
    held: Iterable[Span], size: float, weight: Weight, *, tabular: bool, tracking: float
) -> float:
    """The same of text that is spans already."""
    total = 0.0
    for span in held:
        cut = "400i" if span.italic else _CUTS[span.weight or weight]
        ems = _ems(span.text, cut, tabular or span.tabular)
        total += span.gap + ems * (span.size or size) / 1000 + tracking * len(span.text)
    return total


def fit(
    forms: Iterable[Form],
    room: float,
    sizes: Sequence[float],
    weight: Weight = 400,
    *,
    tracking: float = 0.0,
) -> tuple[Form, float] | None:
    """The first form that has room, at the largest of the sizes that it has room at; None where none has."""
    fits = (
        (form, size)
        for form in forms
        for size in sizes
        if width(form, size, weight, tracking=tracking) <= room
    )
    return next(fits, None)


def fitting(content: Content, room: float, sizes: Sequence[float], weight: Weight = 400) -> float:
    """The largest of the sizes at which the text has room, or the smallest."""
    found = fit((content,), room, sizes, weight)
    return sizes[-1] if found is None else found[1]


def titled(
    title: str, beside: str, room: float, sizes: Sequence[float]
) -> tuple[tuple[Span, ...], float]:
    """A title, what stands beside it if both fit at any of the sizes, and at which; alone it is cut where it must be."""
    both = (Span(f"{title} ", 600), Span(beside, 500))
    for size in sizes if beside else ():
        if width(both, size) <= room:
            return both, size
    size = fitting(title, room, sizes, 600)
    return (Span(cut(title, room, size, 600), 600),), size


def cut(text: str, room: float, size: float, weight: Weight = 400, tracking: float = 0.0) -> str:
    """The text, shortened with an ellipsis where it is wider than the room."""
    if width(text, size, weight, tracking=tracking) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        short = text[:middle].rstrip() + "…"
        if width(short, size, weight, tracking=tracking) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


@lru_cache(maxsize=1 << 12)
def wrap(
    text: str, room: float, size: float, weight: Weight = 400, lines: int = 2
) -> tuple[str, ...]:
    """The text in at most so many lines, broken at spaces; the last one is cut where it must be."""
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < lines - 1:
        taken = _taken(rest, room, size, weight)
        found.append(cut(" ".join(rest[:taken]), room, size, weight))
        rest = rest[taken:]
    if rest:
        found.append(cut(" ".join(rest), room, size, weight))
    return tuple(found)


def _taken(words: Sequence[str], room: float, size: float, weight: Weight) -> int:
    """How many of the words fit in one line, at least the first; the line is measured once, as far as it goes."""
    ems, taken = 0.0, 0
    for character, before, after in steps(" ".join(words) + " ", str(weight), False):
        if character == " ":
            if taken and ems * size / 1000 > room:
                return taken
            taken += 1
        ems += before + after
    return taken
