"""Little pictures of what stands around blocks: the stream, norms, loops, shares."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.traces import At
from llm_gallery.figure.pictures.little.pen import Pen


def _box(x: float, y: float, wide: float, high: float) -> tuple[At, ...]:
    return (x, y), (x + wide, y), (x + wide, y + high), (x, y + high)


def streams(pen: Pen, _: Block | None) -> None:
    """Several streams: a branch reads all, and they cross one another on the way."""
    held = pen.within(1.3)
    w, h = held.wide, held.high
    across = [w * (0.08 + 0.13 * i) for i in range(4)]
    thick = max(0.9, h * 0.03)
    up, low = h * 0.32, h * 0.68
    held.strokes(
        *(((a, low), (b, up)) for a in across for b in across), thick=thick * 0.5, tone="faint"
    )
    held.strokes(
        *(way for x in across for way in (((x, 0), (x, up)), ((x, low), (x, h)))), thick=thick
    )
    right = w * 0.78
    held.strokes(
        ((across[-1], h * 0.88), (right, h * 0.88), (right, h * 0.66)),
        ((right, h * 0.34), (right, h * 0.12), (across[-1], h * 0.12)),
        thick=thick,
    )
    held.areas(_box(w * 0.6, h * 0.34, w * 0.4, h * 0.32))


def loop(pen: Pen, _: Block | None) -> None:
    """Layers that run again."""
    held = pen.within(1.2)
    w, h = held.wide, held.high
    thick = max(1.0, h * 0.04)
    tall = h * 0.13
    held.bars(((0, h * (0.14 + 0.2 * i)) for i in range(4)), w * 0.62, tall, "faint")
    x, lane = w * 0.31, w - thick
    held.strokes(
        (
            (x, h * 0.14),
            (x, thick / 2),
            (lane, thick / 2),
            (lane, h - thick),
            (x, h - thick),
            (x, h * 0.95),
        ),
        thick=thick,
    )
    tip = h * 0.06
    held.areas(((x, h * 0.88), (x + tip, h * 0.96), (x - tip, h * 0.96)))


class Norms(NamedTuple):
    """Where those of a branch stand."""

    before: bool
    after: bool
    on_stream: bool


def wiring(norms: Norms, pen: Pen, _: Block | None) -> None:
    """A stream, a branch beside it, and its norms."""
    held = pen.within(1.4)
    w, h = held.wide, held.high
    thick = max(1.0, h * 0.035)
    x, left = w * 0.1, w * 0.52
    up, low = h * 0.24, h * 0.78
    held.areas(_box(left, h * 0.06, w - left, h * 0.88), tone="faint")
    held.strokes(((x, 0), (x, h)), thick=thick * 1.6)
    held.strokes(((x, low), (left, low)), ((left, up), (x, up)), thick=thick)
    wide, tall = w * 0.09, h * 0.22
    middles = [y for y, there in ((low, norms.before), (up, norms.after)) if there]
    held.bars([((x + left) / 2 - wide / 2, y - tall / 2) for y in middles], wide, tall)
    if norms.on_stream:
        held.bars([(x - w * 0.09, 0)], w * 0.18, h * 0.12)
    held.discs([(x, low), (x, up)], h * 0.07)


def sums(pen: Pen, _: Block | None) -> None:
    """What a branch reads: earlier sums, each with a weight of its own."""
    held = pen.within(1.5)
    w, h = held.wide, held.high
    pitch = w / 5
    side = min(pitch * 0.66, h * 0.28)
    for i, weight in enumerate((0.3, 0.12, 0.7, 0.2, 1.0)):
        held.strokes(
            (((i + 0.5) * pitch, h - side), (w / 2, side)), thick=max(0.5, h * 0.06 * weight)
        )
    held.bars((((i + 0.5) * pitch - side / 2, h - side) for i in range(5)), side, side, "faint")
    held.bars([(w / 2 - side, 0)], side * 2, side)
