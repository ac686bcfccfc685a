"""Little pictures of what works on each token alone, and of what is kept of all in a fixed size."""

from __future__ import annotations

from math import ceil, exp, sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.traces import At
from llm_gallery.figure.pictures.activation import drawn_curve
from llm_gallery.figure.pictures.little.pen import TONES, Pen

LARGE = 60.0
"""Px of height from which experts are as many as there are, up to `MOST`."""
FINEST = 2.6
"""Px from one expert to the next at least."""
FEW = 28
"""Experts of a picture in a block at most."""
MOST = 768
"""Experts of a large picture at most: more would be its heaviest part, and nobody counts them."""
NUMBERS = (2, 0, 3, 1, 1, 3, 0, 2, 0, 1, 2, 3, 3, 2, 1, 0)
"""An illustration: how much each number of a state holds."""
CELLS = 5


def waist(pen: Pen, _: Block | None) -> None:
    """Narrow, wide, narrow."""
    held = pen.within(1.3) if pen.wide < 1.6 * pen.high else pen.within(1.6)
    w, h, m = held.wide, held.high, held.wide / 2
    bar, slim = h * 0.14, w * 0.27
    up, low = h / 2 - bar / 2, h / 2 + bar / 2
    held.areas(
        ((m - slim, bar), (m + slim, bar), (w, up), (0, up)),
        ((0, low), (w, low), (m + slim, h - bar), (m - slim, h - bar)),
        tone="faint",
    )
    held.areas(
        *(
            ((m - half, top), (m + half, top), (m + half, top + bar), (m - half, top + bar))
            for half, top in ((slim, 0.0), (m, up), (slim, h - bar))
        )
    )


def tiles(pen: Pen, block: Block | None) -> None:
    """A square an expert, lit those that run; beside them one that always runs."""
    pen = pen.within(2) if pen.wide > 2 * pen.high else pen
    stored = max(1, _number(block, "experts", 64))
    used = max(1, _number(block, "used", 4))
    shared = bool(_number(block, "shared", 0))
    count, lit = min(stored, MOST if pen.high >= LARGE else FEW), used
    if count < stored:
        lit = max(1, min(3, round(used * count / stored)))
    room = pen.part(0, 0.84) if shared else pen
    across = _across(count, room.wide, room.high)
    while room.wide / across < FINEST and across > 1:
        count = count * 2 // 3
        lit = max(1, min(lit, count // 8))
        across = _across(count, room.wide, room.high)
    pitch = min(room.wide / across, room.high / ceil(count / across))
    down = ceil(count / across) * pitch
    left, top = (room.wide - across * pitch) * pen.align, (pen.high - down) / 2
    running = {(i * 7919 + 3 * stored // 7) % count for i in range(min(lit, count))}
    i = 0
    while len(running) < min(lit, count):  # two may have met
        running.add(i)
        i += 3
    side = pitch * 0.8

    def corner(i: int) -> At:
        return left + i % across * pitch, top + i // across * pitch

    room.bars((corner(i) for i in range(count) if i not in running), side, side, "faint")
    room.bars((corner(i) for i in sorted(running)), side, side)
    if shared:
        large = min(max(side, pen.wide * 0.1), pen.wide * 0.14)
        x = min(pen.wide - large, left + across * pitch + large * 0.6)
        pen.bars([(x, (pen.high - large) / 2)], large, large)


def _across(count: int, wide: float, high: float) -> int:
    """Columns by which squares are largest."""
    first = max(1, ceil(sqrt(count * wide / high)) - 1)
    return max(range(first, first + 3), key=lambda n: min(wide / n, high / ceil(count / n)))


def _number(block: Block | None, fact: str, other: int) -> int:
    value = None if block is None else block.value(fact)
    return value if isinstance(value, int) else other


def always(pen: Pen, _: Block | None) -> None:
    """One large expert for every token beside many."""
    held = pen.within(1.7)
    w, h = held.wide, held.high
    pitch = h / 4
    corners = [(i % 3 * pitch, i // 3 * pitch + pitch * 0.1) for i in range(12)]
    side = pitch * 0.8
    held.bars([c for i, c in enumerate(corners) if i not in (4, 9)], side, side, "faint")
    held.bars([corners[4], corners[9]], side, side)
    held.bars([(w - h * 0.78, h * 0.11)], h * 0.78, h * 0.78)


def hollow(pen: Pen, _: Block | None) -> None:
    """Experts, some of which do nothing."""
    held = pen.within(1.6)
    pitch = held.wide / 6
    side = pitch * 0.78
    corners = [(i % 6 * pitch, i // 6 * pitch + (held.high - 4 * pitch) / 2) for i in range(24)]
    empty = [c for i, c in enumerate(corners) if i % 6 > 3]
    held.bars(
        (c for i, c in enumerate(corners) if i % 6 < 4 and i not in (1, 14)), side, side, "faint"
    )
    held.bars((corners[i] for i in (1, 14)), side, side)
    thick = max(0.7, pitch * 0.1)
    inner = side - thick
    held.strokes(
        *(
            ((x, y), (x + inner, y), (x + inner, y + inner), (x, y + inner))
            for x, y in ((a + thick / 2, b + thick / 2) for a, b in empty)
        ),
        thick=thick,
        closed=True,
    )


def narrowed(pen: Pen, _: Block | None) -> None:
    """Experts between a narrowing and a widening."""
    held = pen.within(1.4)
    w, h, m = held.wide, held.high, held.wide / 2
    bar, half = h * 0.12, w * 0.26
    up, low = h * 0.34, h * 0.66
    held.areas(
        ((0, bar), (w, bar), (m + half, up), (m - half, up)),
        ((m - half, low), (m + half, low), (w, h - bar), (0, h - bar)),
        tone="faint",
    )
    held.areas(*(((0, y), (w, y), (w, y + bar), (0, y + bar)) for y in (0.0, h - bar)))
    pitch = 2 * half / 5
    side = pitch * 0.74
    held.bars(
        ((m - half + i * pitch + pitch * 0.13, h / 2 - side / 2) for i in range(5)), side, side
    )


def level(pen: Pen, _: Block | None) -> None:
    """What each expert has to do, brought to one height."""
    held = pen.within(1.7)
    w, h = held.wide, held.high
    loads = (0.86, 0.8, 0.9, 0.83, 0.87, 0.79, 0.85, 0.88)
    pitch = w / len(loads)
    held.areas(
        *(
            ((x, h * (1 - load)), (x + pitch * 0.7, h * (1 - load)), (x + pitch * 0.7, h), (x, h))
            for x, load in ((i * pitch + pitch * 0.15, load) for i, load in enumerate(loads))
        )
    )
    held.strokes(((0, h * 0.04), (w, h * 0.04)), thick=max(1.0, h * 0.03), tone="faint")


def curve(pen: Pen, block: Block | None) -> None:
    """The curve of an activation; of a gate a sigmoid."""
    held = pen.within(1.4)
    w, h = held.wide, held.high
    drawn = None if block is None or not block.on_channels else drawn_curve(block)
    points = [-3 + 6 * i / 30 for i in range(31)]
    values = [drawn(x) if drawn else 1 / (1 + exp(-1.6 * x)) for x in points]
    least, most = min(values), max(values)
    thick = max(1.2, h * 0.05)
    room = h - thick
    line = tuple(
        (w * (x + 3) / 6, thick / 2 + room * (1 - (y - least) / (most - least)))
        for x, y in zip(points, values, strict=True)
    )
    zero = thick / 2 + room * (1 - (0 - least) / (most - least))
    held.strokes(
        ((0, zero), (w, zero)), ((w / 2, 0), (w / 2, h)), thick=max(0.8, h * 0.02), tone="faint"
    )
    held.strokes(line, thick=thick)


def matrix(pen: Pen, _: Block | None) -> None:
    """A state that is a matrix: written over and over, never longer."""
    held = pen.within(1)
    side = held.wide
    thick = max(0.9, side * 0.045)
    inset = thick / 2
    far = side - inset
    held.strokes(((inset, inset), (far, inset), (far, far), (inset, far)), thick=thick, closed=True)
    pad = thick * 1.8
    count = 4
    pitch = (side - 2 * pad) / count
    cell = pitch * 0.8
    corners = [
        (pad + i % count * pitch + pitch * 0.1, pad + i // count * pitch + pitch * 0.1)
        for i in range(count * count)
    ]
    for tone in TONES:
        lit = (n >= 2 for n in NUMBERS)
        some = [c for c, on in zip(corners, lit, strict=True) if on == (tone == "strong")]
        held.bars(some, cell, cell, tone)


def columns(pen: Pen, _: Block | None) -> None:
    """A state that is a few numbers for each channel."""
    held = pen.within(1.2)
    w, h = held.wide, held.high
    pitch, high = w / CELLS, h / 4
    lit = (3, 1, 2, 4, 1)
    for tone in TONES:
        held.bars(
            (
                (i * pitch, (3 - j) * high)
                for i in range(CELLS)
                for j in range(4)
                if (j < lit[i]) == (tone == "strong")
            ),
            pitch * 0.6,
            high * 0.8,
            tone,
        )


def comb(pen: Pen, block: Block | None) -> None:
    """The last few tokens mixed into one."""
    held = pen.within(1.6)
    w, h = held.wide, held.high
    count = min(5, max(2, _number(block, "taps", 4)))
    pitch = w / count
    side = min(pitch * 0.7, h * 0.34)
    last = w - pitch / 2
    held.strokes(
        *((((i + 0.5) * pitch, h - side), (last, side)) for i in range(count)),
        thick=max(0.9, side * 0.16),
        tone="faint",
    )
    held.bars((((i + 0.5) * pitch - side / 2, h - side) for i in range(count)), side, side)
    held.bars([(last - side / 2, 0)], side, side)
