"""Emblems of positions: what turns with a token's place, what is added for it, and how far apart tokens are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import cos, log, pi, sin

from llm_gallery.figure.emblems.forms import arrow, bars, clocks, mask, row, sign
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    areas,
    discs,
    lines,
    rings,
    squares,
)
from llm_gallery.figure.emblems.plot import Plot

TOKENS = row(4)
"""Where four tokens stand, a column each."""
FAST, SLOW = 0.9, 0.3
"""Radians that two pairs of channels turn from token to token."""


def turning(ink: Inks, steps: Sequence[float | None]) -> Marks:
    """A row a pair of channels, a column a token: each turns by its own step from token to token."""
    middles = [(x, 26 + 38.0 * i) for i in range(len(steps)) for x in TOKENS]
    turns = [None if step is None else step * (t + 1) for step in steps for t in range(4)]
    return clocks(ink, middles, 15, turns)


def partly_turning(ink: Inks) -> Marks:
    """Some channels turn with the place; the others are the same wherever a token stands."""
    middles = [(x, 26.0) for x in TOKENS]
    still = [(x - 15, y) for x in TOKENS for y in (49, 66)]
    return (
        *clocks(ink, middles, 15, [FAST * (t + 1) for t in range(4)]),
        *squares(still, 30, 13, ink.faint),
    )


def nowhere(ink: Inks) -> Marks:
    """No hand on any clock."""
    middles = [(x, 26 + 38.0 * i) for i in range(2) for x in TOKENS]
    return (*rings(middles, 15, ink.faint), *discs(middles, 2, ink.faint))


def squeezed(ink: Inks) -> Marks:
    """Twice as many positions in the span of the training: all are divided by two."""
    long, short = row(6, 14, 146), row(12, 14, 146)
    return (
        *lines(((14, 20), (146, 20)), ((14, 70), (146, 70)), role=ink.faint),
        *lines(*(((x, 12), (x, 28)) for x in long), role=ink.faint, thick=3),
        *lines(*(((x, 62), (x, 78)) for x in short), role=ink.strong, thick=3),
        *arrow((80, 34), (80, 54), role=ink.strong),
    )


def wave(
    left: float, right: float, middle: float, turns: float, role: str, thick: float = 3
) -> Marks:
    """So many turns of a sine."""
    plot = Plot(
        low=0,
        high=turns,
        least=-1,
        most=1,
        left=left,
        right=right,
        top=middle - 10,
        bottom=middle + 10,
    )
    return plot.curve(lambda t: sin(2 * pi * t), role, thick, count=max(4, round(turns * 6)))


def growing(ink: Inks) -> Marks:
    """The longer the input, the slower the turns: as many as before reach to its end."""
    return tuple(
        mark
        for y, right in ((19, 58), (45, 102), (71, 146))
        for mark in (
            *lines(((14, y), (right, y)), role=ink.faint),
            *wave(14, right, y, 2, ink.strong),
        )
    )


def stretched(ink: Inks, factors: Sequence[float]) -> Marks:
    """How much each wavelength is stretched, the shortest at the left."""
    return (
        *lines(((14, 78), (146, 78)), role=ink.faint),
        *bars([f / max(factors) for f in factors], ink.faint, high=62),
        *discs(
            [
                (x, 78 - 62 * f / max(factors))
                for x, f in zip(row(len(factors)), factors, strict=True)
            ],
            4,
            ink.strong,
        ),
    )


def smoothly(ink: Inks) -> Marks:
    """Short wavelengths are kept and long ones stretched by eight, with a smooth change between them."""

    def factor(x: float) -> float:
        kept = min(1.0, max(0.0, (0.7 - x) / 0.4))
        return 1 / (kept + (1 - kept) / 8)

    plot = Plot(low=0, high=1, least=0, most=8.4)
    under = [plot.at(i / 40, factor(i / 40)) for i in range(41)]
    return (
        *areas([plot.at(0, 0), *under, plot.at(1, 0)], role=ink.pale),
        *lines(under, role=ink.strong, thick=3),
        *plot.level(0, ink.faint),
        *plot.level(8, ink.faint),
    )


def by_turns(ink: Inks) -> Marks:
    """Faster clocks are left as they were; slower ones turn less, those between partly."""
    before, kept = (5.2, 3.7, 2.6, 1.9, 1.4), (1, 1, 0.5, 0, 0)
    after = [turn * (k + (1 - k) / 4) for turn, k in zip(before, kept, strict=True)]
    middles = [(x, 45.0) for x in row(5, 10, 150)]
    sectors = [
        ((x, y), *((x + 12 * sin(a), y - 12 * cos(a)) for a in _between(old, new)))
        for (x, y), old, new in zip(middles, before, after, strict=True)
        if old != new
    ]
    return (*areas(*sectors, role=ink.faint), *clocks(ink, middles, 13, after))


def _between(old: float, new: float) -> list[float]:
    return [new + (old - new) * i / 6 for i in range(7)]


def two_bases(ink: Inks) -> Marks:
    """Layers that see far turn slowly, those that see near turn fast."""
    far, near = Inks("full"), Inks("window")
    return (
        *mask(far, lambda _, __: True, 4, middle=(32, 26), side=30),
        *wave(60, 146, 25, 1, far.strong),
        *mask(near, lambda i, j: i - j < 2, 4, middle=(32, 65), side=30),
        *wave(60, 146, 65, 4, near.strong),
    )


def falling(ink: Inks) -> Marks:
    """Scores fall in a straight line with distance, in each head by a slope of its own."""
    at = 146, 14
    return (
        *bars([i / 8 for i in range(1, 9)], ink.faint),
        *lines(*((at, end) for end in ((14, 78), (80, 78), (113, 78))), role=ink.strong),
        *discs([at], 4, ink.strong),
    )


def biased(ink: Inks) -> Marks:
    """A learned number for each distance; beyond the longest all are alike."""
    learned = (0.3, 0.3, 0.3, 0.42, 0.38, 0.6, 0.52, 0.84, 1)
    return (
        *bars(learned[:3], ink.faint, right=58),
        *bars(learned[3:], ink.strong, left=58),
        *lines(((14, 78), (146, 78)), role=ink.faint),
    )


def sharper(ink: Inks) -> Marks:
    """Queries grow in steps with the logarithm of their position."""
    heights = [1 + 0.55 * log(1 + step) for step in range(6)]
    stairs = [
        (14 + 22 * (step + end), 78 - 30 * height)
        for step, height in enumerate(heights)
        for end in (0, 1)
    ]
    return (
        *areas([(14, 78), *stairs, (146, 78)], role=ink.pale),
        *lines(stairs, role=ink.strong, thick=3),
    )


def table(ink: Inks) -> Marks:
    """A row for each position; that of a token's is added to its vector."""
    rows = [11 + 14 * i for i in range(5)]
    cells = [14 + 13 * i for i in range(5)]
    return (
        *squares(((x, y) for y in rows if y != 39 for x in cells), 11, 11, ink.faint),
        *squares(((x, 39) for x in cells), 11, 11, ink.strong),
        *arrow((80, 44.5), (100, 44.5), role=ink.strong),
        *sign("+", (109, 44.5), ink.strong),
        *squares(((128, y) for y in rows), 11, 11, ink.faint),
        *lines(((117, 44.5), (126, 44.5)), role=ink.strong),
    )


def sines(ink: Inks) -> Marks:
    """A wavelength a pair of channels; where a position cuts them stands its vector."""
    turns, at = (5.0, 2.5, 1.25, 0.625), 0.62
    heights = [15 + 20 * i for i in range(4)]
    return (
        *(m for y, n in zip(heights, turns, strict=True) for m in _low(y, n, ink.faint)),
        *lines(((14 + 132 * at, 5), (14 + 132 * at, 85)), role=ink.strong),
        *discs(
            [
                (14 + 132 * at, y - 7 * sin(2 * pi * n * at))
                for y, n in zip(heights, turns, strict=True)
            ],
            4.5,
            ink.strong,
        ),
    )


def _low(middle: float, turns: float, role: str) -> Marks:
    plot = Plot(
        low=0, high=turns, least=-1, most=1, left=14, right=146, top=middle - 7, bottom=middle + 7
    )
    return plot.curve(lambda t: sin(2 * pi * t), role, 2, count=max(4, round(turns * 5)))


EMBLEMS: Mapping[str, Emblem] = {
    "rope": partial(turning, steps=(FAST, SLOW)),
    "partial-rope": partly_turning,
    "nope": nowhere,
    "linear-rope-scaling": squeezed,
    "dynamic-rope-scaling": growing,
    "longrope-rope-scaling": partial(stretched, factors=(1, 1.1, 1.5, 1.3, 2.6, 4.2, 3.6, 6.4, 8)),
    "llama3-rope-scaling": smoothly,
    "yarn-rope-scaling": by_turns,
    "dual-rotary-base": two_bases,
    "alibi": falling,
    "relative-positions": biased,
    "attention-temperature": sharper,
    "learned-positions": table,
    "sinusoidal-positions": sines,
}
