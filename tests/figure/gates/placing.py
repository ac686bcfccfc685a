"""How what is placed stands to what is beside it: nothing over another thing, outside or too small to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from llm_gallery.figure.kit.painting import extent, layers, overlap
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Shape, Text
from llm_gallery.figure.kit.style import SMALLEST_HATCHED, Styles, hatched
from tests.figure.gates.flattened import flat

SMALLEST = 9.0
"""Px of the smallest type at natural size."""
MARGIN = 3.0
"""Px that a text leaves free at either side of its box."""
PANEL = 40.0
"""Px of the smaller side of a box that lines may cross, but whose edge no text may."""
NEAR = 2.0
"""Px that a text beside or above a box keeps from it: nearer, its letters grow into the edge."""
INSIDE = 1.0
"""Px by which a line must enter a box or a text to run through it."""
TOUCH = 0.5
"""Px by which extents may meet without overlapping: half a pixel is not seen."""


def faults(picture: Picture) -> tuple[str, ...]:
    """Every fault in words, with the place of it."""
    shapes = flat(picture)
    boxes = [shape for shape in shapes if isinstance(shape, Box)]
    texts = [shape for shape in shapes if isinstance(shape, Text) and words(shape).strip()]
    lines = [shape for shape in shapes if isinstance(shape, Line)]
    marks = [shape for shape in shapes if isinstance(shape, Mark)]
    canvas = Bounds(0, 0, picture.width, picture.height)
    return (
        *_outside(canvas, [*boxes, *texts, *marks], lines),
        *_type(texts),
        *_texts(texts),
        # Text stands wholly on a box or wholly beside it, and so it does with the ground of a drawing.
        *_over(texts, [box for box in boxes if not box.open or box.ground]),
        *_crowded(texts, boxes),
        *_through(
            [line for line in lines if line.kind != "rule"],
            [(box.bounds, f"the box at {_place(box.bounds)}") for box in boxes if not box.open],
        ),
        *_through(lines, [(text.bounds, f'"{words(text)}"') for text in texts]),
        *_crossings(lines),
        *_slivers(marks),
        *_unseen(marks, lines),
        *_all_painted(picture),
    )


def over_edges(picture: Picture) -> tuple[str, ...]:
    """Every text that runs over the edge of a frame or panel: for figures whose panels hold all that is in them."""
    shapes = flat(picture)
    panels = [s for s in shapes if isinstance(s, Box) and s.open]
    panels = [box for box in panels if min(box.width, box.height) >= PANEL]
    texts = [shape for shape in shapes if isinstance(shape, Text)]
    return tuple(_over(texts, panels))


def painted_over(picture: Picture, painted: Sequence[Shape]) -> tuple[str, ...]:
    """Every shape of a picture, the pictures in it aside, on which one is painted that was to stand under it.

    `painted` are its shapes as they are painted (`painting.layers`), one after another. Lines aren't asked:
    they end at what they join, and lie under its sign.
    """
    turn = {id(shape): index for index, shape in enumerate(painted)}
    placed = [
        (shape, shape.bounds if isinstance(shape, Text) else extent(shape))
        for shape in picture.shapes
        if id(shape) in turn and not isinstance(shape, Line)
    ]
    return tuple(
        f"a {type(low).__name__.lower()} is painted over a {type(high).__name__.lower()} at {_place(a)}"
        for index, (high, a) in enumerate(placed)
        for low, b in placed[:index]
        if turn[id(low)] > turn[id(high)] and overlap(a, b, TOUCH)
    )


def _slivers(marks: list[Mark]) -> Iterator[str]:
    """In print, single squares smaller than a hatching's tile show a sliver of it that says nothing."""
    for mark in marks:
        sides = _SQUARE.findall(mark.path) if hatched(mark.fill) else ()
        if any(float(side) < SMALLEST_HATCHED for side in sides):
            yield f"a square of {mark.fill} at {_place(mark.bounds)} is a sliver of hatching in print"


_SQUARE = re.compile(r"h([\d.]+)v\1h-\1z")


def _unseen(marks: list[Mark], lines: list[Line]) -> Iterator[str]:
    """Strokes of no length: a browser paints their round ends, a converter to PDF leaves them out."""
    for mark in marks:
        if mark.stroke is not None and any(len({*way.points}) == 1 for way in stretches(mark.path)):
            yield f"a stroke of no length at {_place(mark.bounds)}"
    for line in lines:
        if len({*line.points}) == 1:
            yield f"a {line.kind} line of no length at {line.points[0].x:.0f}, {line.points[0].y:.0f}"


def _all_painted(picture: Picture) -> Iterator[str]:
    """A picture and those in it, what print alone paints included."""
    order = layers(picture.shapes, Styles())
    yield from painted_over(
        picture, [s for layer in order for s in layer.shapes if isinstance(s, Shape)]
    )
    for _, part in picture.inside:
        yield from _all_painted(part)


def words(text: Text) -> str:
    """What a text says."""
    return "".join(span.text for span in text.spans)


def _within(inner: Bounds, outer: Bounds, slack: float = TOUCH) -> bool:
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def _outside(canvas: Bounds, shapes: list[Box | Text | Mark], lines: list[Line]) -> Iterator[str]:
    for shape in shapes:
        if not _within(shape.bounds, canvas):
            what = f'"{words(shape)}"' if isinstance(shape, Text) else type(shape).__name__.lower()
            yield f"{what} is outside the canvas at {_place(shape.bounds)}"
    for line in lines:
        for point in line.points:
            if not _within(Bounds(point.x, point.y, point.x, point.y), canvas):
                yield f"a {line.kind} line is outside the canvas at {point.x:.0f}, {point.y:.0f}"


def _type(texts: list[Text]) -> Iterator[str]:
    for text in texts:
        for span in text.spans:
            if (span.size or text.size) < SMALLEST:
                yield f'"{span.text}" is set in {span.size or text.size} px'


def _texts(texts: list[Text]) -> Iterator[str]:
    placed = sorted(((text.bounds, text) for text in texts), key=lambda pair: pair[0].top)
    for i, (a, first) in enumerate(placed):
        if first.inside is not None:
            left, top, right, bottom = first.inside
            if not _within(a, Bounds(left + MARGIN, top, right - MARGIN, bottom)):
                yield f'"{words(first)}" is wider or higher than its box at {_place(a)}'
        for b, second in placed[i + 1 :]:
            if b.top > a.bottom:
                break
            if overlap(a, b):
                yield f'"{words(first)}" overlaps "{words(second)}" at {_place(a)}'


def _over(texts: list[Text], boxes: list[Box]) -> Iterator[str]:
    edges = [box.bounds for box in boxes]
    for text in texts:
        bounds = text.bounds
        for edge in edges:
            if overlap(bounds, edge, TOUCH) and not _within(bounds, edge):
                yield f'"{words(text)}" runs over the edge of a box at {_place(edge)}'


def _crowded(texts: list[Text], boxes: list[Box]) -> Iterator[str]:
    placed = [(text.bounds, text) for text in texts]
    for edge in [box.bounds for box in boxes if box.form == "rect" and not box.open]:
        for bounds, text in placed:
            if overlap(bounds, edge, -NEAR) and not overlap(bounds, edge, TOUCH):
                yield f'"{words(text)}" crowds a box at {_place(edge)}'


def _segments(line: Line) -> Iterator[Bounds]:
    for a, b in pairwise(line.points):
        yield Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))


def _through(lines: list[Line], closed: list[tuple[Bounds, str]]) -> Iterator[str]:
    """Lines that run through an area, each area with what it is in words."""
    for line in lines:
        for segment in _segments(line):
            for bounds, name in closed:
                if overlap(segment, bounds, INSIDE):
                    yield f"a {line.kind} line runs through {name}"


def _crossings(lines: list[Line]) -> Iterator[str]:
    segments = [(s, line) for line in lines if line.kind != "rule" for s in _segments(line)]
    upright = [(s, line) for s, line in segments if s.left == s.right]
    level = sorted(
        ((s, line) for s, line in segments if s.top == s.bottom), key=lambda pair: pair[0].top
    )
    for v, first in upright:
        for h, second in level:
            if h.top <= v.top + TOUCH:
                continue
            if h.top >= v.bottom - TOUCH:
                break
            if h.left + TOUCH < v.left < h.right - TOUCH and first is not second:
                yield f"a {first.kind} line crosses a {second.kind} line at {v.left:.0f}, {h.top:.0f}"


def _place(bounds: Bounds) -> str:
    return f"{bounds.left:.0f}, {bounds.top:.0f}"
