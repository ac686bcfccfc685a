"""What a marked figure is held to: notes cover nothing, arrows cross nothing that is read, nobody's words are cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Picture, Shape, Text, flat

LEAST = 11.0
"""Px of a note's letters."""


def parts(page: Picture) -> tuple[tuple[Shape, ...], tuple[Shape, ...]]:
    """The figure's shapes and those of its notes, each where it stands in the whole."""
    (at, base), *over = page.inside
    return flat(base, at.x, at.y), tuple(s for where, part in over for s in flat(part, *where))


def faults(page: Picture) -> tuple[str, ...]:
    """Every fault in words."""
    return tuple(_faults(page))


def _faults(page: Picture) -> Iterator[str]:
    base, over = parts(page)
    canvas = Bounds(0, 0, page.width, page.height)
    notes = [*texts(over), *(s for s in page.shapes if isinstance(s, Text))]
    for note in notes:
        if note.size < LEAST:
            yield f"{said(note)} is set in {note.size:.1f} px"
        if "…" in said(note):
            yield f"{said(note)} is cut"
    for shape in (*over, *page.shapes):
        if isinstance(shape, Text | Box) and not _within(shape.bounds, canvas):
            yield f"{_name(shape)} leaves the canvas"
        if isinstance(shape, Line) and not all(_within(s, canvas) for s in segments(shape)):
            yield "an arrow leaves the canvas"
    for note in notes:
        for other in (*texts(base), *(n for n in notes if n is not note)):
            if overlap(note.bounds, other.bounds, 0.5):
                yield f"{said(note)} stands on {said(other)}"
        for box in _solid(base):
            if overlap(note.bounds, box.bounds, 0.5):
                yield f"{said(note)} stands on a box of {box.fill}"
    arrows = [shape for shape in over if isinstance(shape, Line)]
    for arrow in arrows:
        for text in (*texts(base), *notes):
            if any(overlap(segment, _core(text), 0.5) for segment in segments(arrow)):
                yield f"an arrow runs through {said(text)}"
        for box in _solid(base):
            if any(overlap(segment, box.bounds, 1.0) for segment in segments(arrow)):
                yield f"an arrow runs through a box of {box.fill} at {box.x:.0f}, {box.y:.0f}"
    leaders = [s for s in base if isinstance(s, Line) and s.kind == "leader"]
    for arrow, leader in (*combinations(arrows, 2), *((a, b) for a in arrows for b in leaders)):
        if any(_meet(a, b) for a in segments(arrow) for b in segments(leader)):
            yield "leaders cross"


def texts(shapes: Sequence[Shape]) -> list[Text]:
    """Those that say something."""
    return [s for s in shapes if isinstance(s, Text) and said(s).strip()]


def said(text: Text) -> str:
    """Its words."""
    return "".join(span.text for span in text.spans)


def segments(line: Line) -> Iterator[Bounds]:
    """A line's straight pieces."""
    for a, b in pairwise(line.points):
        yield Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))


def _solid(shapes: Sequence[Shape]) -> list[Box]:
    return [s for s in shapes if isinstance(s, Box) and not s.open]


def _name(shape: Text | Box) -> str:
    return said(shape) if isinstance(shape, Text) else f"a box of {shape.fill}"


def _core(text: Text) -> Bounds:
    left, top, right, _ = text.bounds
    return Bounds(left, top, right, text.y)


def _meet(a: Bounds, b: Bounds) -> bool:
    return a.left <= b.right and b.left <= a.right and a.top <= b.bottom and b.top <= a.bottom


def _within(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner.left >= outer.left - 0.5
        and inner.top >= outer.top - 0.5
        and inner.right <= outer.right + 0.5
        and inner.bottom <= outer.bottom + 0.5
    )
