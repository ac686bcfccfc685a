"""Emblems of positions: what turns with a token's place, what is added for it, and how far apart tokens are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import log, pi, sin

from llm_gallery.figure.emblems import scaling
from llm_gallery.figure.emblems.forms import bars, clocks, row
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
from llm_gallery.figure.emblems.scaling import wave
from llm_gallery.figure.emblems.signs import arrow, sign

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
    return (*rings(middles, 15, ink.faint), *discs(middles, 3, ink.strong))


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
        *(
            m
            for y, n in zip(heights, turns, strict=True)
            for m in wave(14, 146, y, n, ink.faint, 7)
        ),
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


EMBLEMS: Mapping[str, Emblem] = {
    "rope": partial(turning, steps=(FAST, SLOW)),
    "partial-rope": partly_turning,
    "nope": nowhere,
    **scaling.EMBLEMS,
    "alibi": falling,
    "relative-positions": biased,
    "attention-temperature": sharper,
    "learned-positions": table,
    "sinusoidal-positions": sines,
}
