"""Forms that many emblems share: heads over keys, masks, bars, clocks and tiles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from math import cos, sin

from llm_gallery.figure.emblems.ink import (
    HIGH,
    WIDE,
    Inks,
    Marks,
    areas,
    discs,
    frames,
    lines,
    rings,
    squares,
)
from llm_gallery.figure.kit.traces import At

MIDDLE = WIDE / 2, HIGH / 2
"""Of the canvas."""
HEAD = 15.0
"""Px of the largest head's side."""


def row(count: int, left: float = 14, right: float = WIDE - 14) -> list[float]:
    """The middles of so many places from left to right."""
    pitch = (right - left) / count
    return [left + (i + 0.5) * pitch for i in range(count)]


def centred(middles: Iterable[At], side: float) -> list[At]:
    """The corners of squares round their middles."""
    return [(x - side / 2, y - side / 2) for x, y in middles]


def boxes(middles: Iterable[At], side: float, role: str) -> Marks:
    """Full squares round their middles."""
    return squares(centred(middles, side), side, side, role)


def heads(ink: Inks, asking: int, keys: int) -> Marks:
    """Query heads above the keys that they share."""
    above, below = row(asking), row(keys)
    owner = [below[i * keys // asking] for i in range(asking)]
    side = min(HEAD, 100 / asking)
    return (
        *lines(*(((q, 19), (k, 70)) for q, k in zip(above, owner, strict=True)), role=ink.faint),
        *boxes(((q, 18) for q in above), side, ink.faint),
        *boxes(((k, 71) for k in below), HEAD, ink.strong),
    )


def mask(
    ink: Inks,
    reads: Callable[[int, int], bool],
    count: int,
    *,
    future: bool = False,
    middle: At = MIDDLE,
    side: float = 72,
) -> Marks:
    """A row a token, a cell for each that it may read: strong is what it does."""
    pitch = side / count
    left, top = middle[0] - side / 2 + 0.6, middle[1] - side / 2 + 0.6
    cells = [(i, j) for i in range(count) for j in range(count if future else i + 1)]
    read = [cell for cell in cells if reads(*cell)]
    rest = [cell for cell in cells if cell not in read]
    return tuple(
        mark
        for some, role in ((rest, ink.faint), (read, ink.strong))
        for mark in squares(
            ((left + j * pitch, top + i * pitch) for i, j in some), pitch - 1.2, pitch - 1.2, role
        )
    )


def bars(
    shares: Sequence[float],
    role: str,
    *,
    form: Callable[..., Marks] = areas,
    left: float = 14,
    right: float = WIDE - 14,
    base: float = 78,
    high: float = 64,
    share: float = 0.7,
) -> Marks:
    """Columns on a line: a share of 1 is so many px high, and one below 0 hangs from the line."""
    wide = (right - left) / len(shares) * share
    return form(
        *(
            ((x - wide / 2, base), (x + wide / 2, base), (x + wide / 2, y), (x - wide / 2, y))
            for x, y in zip(
                row(len(shares), left, right),
                (base - share * high for share in shares),
                strict=True,
            )
            if y != base
        ),
        role=role,
    )


def clocks(ink: Inks, middles: Sequence[At], radius: float, turns: Sequence[float | None]) -> Marks:
    """Pairs of channels, each with a hand that a position turns by so many radians; without a turn there is none."""
    long = radius - 1
    hands = [
        ((x, y), (x + long * sin(turn), y - long * cos(turn)))
        for (x, y), turn in zip(middles, turns, strict=True)
        if turn is not None
    ]
    return (
        *rings(middles, radius, ink.faint),
        *lines(*hands, role=ink.strong, thick=3),
        *discs((end for _, end in hands), 3, ink.strong),
    )


def tiles(
    ink: Inks,
    columns: int,
    rows: int,
    lit: Collection[int],
    *,
    left: float = 14,
    right: float = WIDE - 14,
    hollow: Collection[int] = (),
) -> Marks:
    """A square an expert: strong are those that run, hollow those that do nothing."""
    pitch = min((right - left) / columns, 74 / rows)
    x, y = (left + right - columns * pitch) / 2, (HIGH - rows * pitch) / 2
    corners = [(x + i % columns * pitch, y + i // columns * pitch) for i in range(columns * rows)]
    gap = pitch * 0.1
    side = pitch - 2 * gap
    placed = [(a + gap, b + gap) for a, b in corners]
    rest = [i for i in range(len(placed)) if i not in lit and i not in hollow]
    empty = [i for i in hollow if i not in lit]
    return (
        *squares((placed[i] for i in rest), side, side, ink.faint),
        *frames((placed[i] for i in empty), side, side, ink.faint),
        *squares((placed[i] for i in lit if i not in hollow), side, side, ink.strong),
        *frames((placed[i] for i in lit if i in hollow), side, side, ink.strong),
    )
