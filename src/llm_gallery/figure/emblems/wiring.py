"""Wires as in a tower: a stream that rises at the left, branches that leave it and come back, blocks side by side."""

from __future__ import annotations

from llm_gallery.figure.emblems.ink import Inks, Marks, areas, discs, lines, pills, squares
from llm_gallery.figure.emblems.signs import sign
from llm_gallery.figure.kit.traces import At

STREAM = 30.0
"""Px from the left to the stream."""
LEFT, RIGHT = 84.0, 146.0
"""Of a branch's block."""


def stream(ink: Inks, x: float = STREAM) -> Marks:
    """What rises through all layers."""
    return lines(((x, 86), (x, 4)), role=ink.strong, thick=4)


def pill(ink: Inks, middle: At, *, upright: bool = True) -> Marks:
    """A norm across a wire."""
    x, y = middle
    end = ((x, y - 7), (x, y + 7)) if upright else ((x - 7, y), (x + 7, y))
    return pills(end, role=ink.strong)


def branch(
    ink: Inks,
    low: float = 70,
    high: float = 22,
    *,
    before: bool = False,
    after: bool = False,
    left: float = LEFT,
    room: float = 9,
) -> Marks:
    """A block that reads the stream and adds to it, with norms before or after it."""
    between = (STREAM + left) / 2
    return (
        *lines(((STREAM, low), (left, low)), ((left, high), (STREAM, high)), role=ink.strong),
        *squares([(left, high - room)], RIGHT - left, low - high + 2 * room, ink.pale),
        *(pill(ink, (between, low)) if before else ()),
        *(pill(ink, (between, high)) if after else ()),
        *discs([(STREAM, low)], 4, ink.strong),
        *sign("+", (STREAM, high), ink.strong),
    )


SIDES = 44.0, 116.0
"""Middles of two blocks side by side."""


def side_by_side(left: Marks, right: Marks, ink: Inks) -> Marks:
    """Two parts of 48 × 36 px that read the same and are added."""
    a, b = SIDES
    return (
        *lines(
            ((80, 86), (80, 78)),
            ((a, 64), (a, 78), (b, 78), (b, 64)),
            ((a, 28), (a, 13), (b, 13), (b, 28)),
            ((80, 13), (80, 4)),
            role=ink.strong,
        ),
        *left,
        *right,
        *sign("+", (80, 13), ink.strong),
    )


def waist(ink: Inks, middle: At, wide: float, high: float) -> Marks:
    """A dense MLP: narrow, wide, narrow."""
    (x, y), half, slim, up = middle, wide / 2, wide * 0.28, high / 2
    return (
        *areas(
            ((x - slim, y - up), (x + slim, y - up), (x + half, y), (x - half, y)), role=ink.faint
        ),
        *areas(
            ((x - slim, y + up), (x + slim, y + up), (x + half, y), (x - half, y)), role=ink.faint
        ),
        *squares([(x - half, y - 3)], wide, 6, ink.strong),
    )
