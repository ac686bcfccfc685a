"""Wires as thick as they are wide: how many numbers each carries follows from the blocks that it joins.

Thickness is the root of the width, not its logarithm: a pinch must be seen; and not the width: 64 must be too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, sqrt
from typing import NamedTuple

from llm_gallery.architecture.block import Block, walk
from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Point, Shape, Text, copied
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.plan import Plan

DIVISOR, THINNEST, THICKEST = 6.0, 1.25, 26.0
"""What the root is divided by, and px of the thinnest wire and of the thickest, for which the divisor grows."""
Widths = dict[tuple[int, int], int]
"""Numbers that are carried past a point, by its tenths of a pixel."""


def divisor(plan: Plan) -> float:
    """What the roots of widths are divided by, so that the widest wire of a figure isn't thicker than it may be."""
    widest = max((wide for use in plan.uses for wide in _carried(use.variants[0].block)), default=1)
    return max(DIVISOR, ceil(10 * sqrt(widest) / THICKEST) / 10)


def _carried(block: Block) -> Iterator[int]:
    """The widths between which its matrices map."""
    for _, part in walk(block):
        yield from (part.number(name) for name in ("inputs", "inner") if name in part.facts)
        if len(part.roles) == 1 and "outputs" in part.facts and "kv_rank" not in block.facts:
            yield part.number("outputs")


def thickness(wide: int, divided: float) -> float:
    """Px of a wire that carries so many numbers."""
    return min(THICKEST, max(THINNEST, sqrt(wide) / divided))


@dataclass(frozen=True, slots=True)
class Ends:
    """What a weight matrix reads and gives, in numbers."""

    inputs: int
    outputs: int


class Known(NamedTuple):
    """What a drawing knows of its wires: matrices by the id of their box, widths at points, ends that go on."""

    ends: Mapping[int, Ends]
    carried: Widths
    same: Sequence[tuple[Point, Point]]


def widened(
    shapes: Sequence[Shape], known: Known, colour: Colour, divided: float, right: float
) -> tuple[list[Shape], set[int]]:
    """The shapes of a drawing, its wires as thick as they are wide, and words and drums out of their way.

    The residual stream is grey where it enters and leaves; its width is that of what enters from below.
    Gives back the widths that are shown too. `right` is where words must end.
    """
    boxes = [s for s in shapes if isinstance(s, Box) and not (s.open or s.ground)]
    wires = [s for s in shapes if isinstance(s, Line) and s.kind == "flow" and s.role == "flow"]
    widths = _followed(wires, boxes, known)
    ground = max((point.y for wire in wires for point in wire.points), default=0.0)
    entering = (wire for wire in wires if wire.points[0].y == ground)
    stream = max((widths.get(_at(wire.points[0]), 0) for wire in entering), default=0)
    thick: dict[int, Line] = {}
    for wire in wires:
        if wide := widths.get(_at(wire.points[0])):
            outside = wide == stream and (wire.points[0].y == ground or _leaves(wire, boxes))
            made = thick[id(wire)] = copied(wire)
            made.thickness = thickness(wide, divided)
            made.role = "wire" if outside else f"{colour}.wire"
    broad = [line for line in thick.values() if line.thickness > THINNEST]
    # Under everything, the stream's last: where it parts, the parts go on.
    under = sorted(thick.values(), key=lambda line: line.role == "wire")
    others = (s for s in shapes if id(s) not in thick)
    bands = list(_uprights(broad))
    every = list(_uprights([thick.get(id(wire), wire) for wire in wires]))
    moved = (_aside(s, bands, every, boxes, right) for s in others if not _lost(s, broad))
    return [*under, *(shape for shape in moved if shape is not None)], {
        widths[_at(w.points[0])] for w in wires if id(w) in thick
    }


def _at(point: Point) -> tuple[int, int]:
    return round(10 * point.x), round(10 * point.y)


def _followed(wires: Sequence[Line], boxes: Sequence[Box], known: Known) -> Widths:
    """The width at both ends of every wire for which it follows: along wires, and through what changes none."""
    ends, widths = known.ends, dict(known.carried)
    for box in boxes:
        if id(box) in ends:
            x = box.x + box.width / 2
            widths.setdefault(_at(Point(x, box.y)), ends[id(box)].outputs)
            widths.setdefault(_at(Point(x, box.y + box.height)), ends[id(box)].inputs)
    groups = [[_at(wire.points[0]), _at(wire.points[-1])] for wire in wires]
    groups += [[_at(low), _at(high)] for low, high in known.same]
    plain = [b for b in boxes if id(b) not in ends and not (b.fill or "").endswith(".solid")]
    groups += [group for box in plain for group in _joined(box, wires)]
    before = -1
    while len(widths) != before:
        before = len(widths)
        for group in groups:
            _equal(widths, group)
    return widths


def _equal(widths: Widths, points: list[tuple[int, int]]) -> None:
    """What is known of one of the points holds for all."""
    told = [widths[point] for point in points if point in widths]
    if told:
        for point in points:
            widths.setdefault(point, max(told))


def _joined(box: Box, wires: Iterable[Line]) -> Iterator[list[tuple[int, int]]]:
    """Ends of wires at a block that carry as much: what enters below goes on above; a sign joins all that it meets."""
    left, top, right, bottom = box.bounds
    touching = [
        point
        for wire in wires
        for point in (wire.points[0], wire.points[-1])
        if left - 0.1 <= point.x <= right + 0.1 and top - 0.1 <= point.y <= bottom + 0.1
    ]
    if box.form == "circle":
        yield [_at(point) for point in touching]
        return
    for x in {round(10 * point.x) for point in touching}:
        yield [_at(point) for point in touching if round(10 * point.x) == x]


def _leaves(wire: Line, boxes: Sequence[Box]) -> bool:
    """Whether a wire leaves the drawing: upright, from its highest block."""
    upright = all(point.x == wire.points[0].x for point in wire.points)
    return upright and wire.points[-1].y < min((box.y for box in boxes), default=0.0)


def _lost(shape: Shape, broad: Sequence[Line]) -> bool:
    """Whether a dot where wires part lies on one that is broader."""
    if not isinstance(shape, Mark) or shape.fill != "flow":
        return False
    at = _at(Point(shape.x, shape.y))
    return any(at == _at(point) for line in broad for point in line.points)


def _aside(
    shape: Shape,
    bands: Sequence[Bounds],
    every: Sequence[Bounds],
    boxes: Sequence[Box],
    right: float,
) -> Shape | None:
    """A text or a drum beside a thick upright wire, moved away by as much as that is thicker than another.

    A text that would stand on another of all wires or on a block then, or beyond the `right` edge, leaves out its
    last words, which what it names says itself, or so shortened stays where it is; None where no words are left.
    """
    if isinstance(shape, Box | Line) or (isinstance(shape, Text) and shape.inside is not None):
        return shape
    if isinstance(shape, Mark) and not (shape.path.startswith("m0 ") and "a" in shape.path):
        return shape
    bounds = shape.bounds
    away = next((by for band in bands if (by := _out_of(bounds, band))), 0.0)
    if not away:
        return shape
    made = replace(shape, x=shape.x + away)
    if not isinstance(made, Text):
        return made
    shorter = (
        replace(made, x=x, spans=made.spans[:some])
        for x in (made.x, shape.x)
        for some in range(len(made.spans), 0, -1)
    )
    return next((text for text in shorter if _free(text.bounds, every, boxes, right)), None)


def _free(bounds: Bounds, wires: Sequence[Bounds], boxes: Sequence[Box], right: float) -> bool:
    """Whether a text stands on no wire and no block, and ends before the edge."""
    crowded = any(_out_of(bounds, band, 1) for band in wires)
    crowded = crowded or any(overlap(bounds, box.bounds, -2) for box in boxes)
    return not crowded and bounds.right <= right


def _uprights(wires: Sequence[Line]) -> Iterator[Bounds]:
    """What upright pieces of wires cover."""
    for line in wires:
        half = line.thickness / 2
        for a, b in pairwise(line.points):
            if a.x == b.x:
                yield Bounds(a.x - half, min(a.y, b.y), a.x + half, max(a.y, b.y))


def _out_of(bounds: Bounds, band: Bounds, apart: float = 6) -> float:
    """How far a shape must move to stand so far beside a wire that it overlaps or is too near."""
    left, top, right, bottom = bounds
    middle = (band.left + band.right) / 2
    if band.bottom < top or band.top > bottom:
        return 0.0
    if left >= middle and left < band.right + apart:
        return band.right + apart - left
    if right <= middle and right > band.left - apart:
        return band.left - apart - right
    return band.right + apart - left if left < middle < right else 0.0
