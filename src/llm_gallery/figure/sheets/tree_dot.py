"""A design as a dot: one period of its strip seen through a round window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, mixers
from llm_gallery.architecture.repeats import Run, equal_runs, fold
from llm_gallery.figure.kit.shapes import About, Box, Mark, Point
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.strip.layer_bar import WINDOWED, Look
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import bar_of

WINDOW = 8.0
"""Px of a radius from which the bars are seen; a smaller dot has only colour, hollow, and two halves."""
MOST = 6
"""Columns in a window."""


class Column(NamedTuple):
    """Layers of a period that look alike: their bars from above, and how many they are."""

    looks: tuple[Look, ...]
    layers: int


def period(root: Block) -> tuple[Column, ...]:
    """What recurs in most layers; where nothing does, the looks of all layers in order."""
    looks = [tuple(Look(colour_of(b), bar_of(b)) for b in mixers(k.layer)) for k in kinds(root)]
    known = list(dict.fromkeys(looks))
    order = [known.index(looks[kind]) for kind in schedule(root) if looks[kind]]
    runs = fold(order)
    if not runs:
        return ()
    longest = max(runs, key=lambda run: run.layers)
    groups: Sequence[Run] = equal_runs(longest.unit)
    if len(groups) < 2 or len(groups) > MOST:
        groups = [Run((look,), order.count(look)) for look in dict.fromkeys(order)][:MOST]
    return tuple(Column(known[group.unit[0]], group.times) for group in groups)


def dot(columns: Sequence[Column], at: Point, radius: float, about: About) -> Iterator[Box | Mark]:
    """The dot; without columns, of a model that mixes no tokens, it is grey."""
    colour = max(columns, key=_layers).looks[0].colour if columns else "norm"
    line = f"{colour}.line"
    if radius < WINDOW:
        yield from _small(columns, at, radius, line, about)
        return
    yield circle(*at, radius, f"{colour}.pale", line, about=about)
    inner = radius - 0.6
    whole = sum(column.layers for column in columns)
    left = -inner
    for column in columns:
        wide = 2 * inner * column.layers / whole
        yield from _bars(column, at, left, wide, inner, about, apart=len(columns) > 1)
        left += wide


def _layers(column: Column) -> int:
    return column.layers


def _small(
    columns: Sequence[Column], at: Point, radius: float, line: str, about: About
) -> Iterator[Box | Mark]:
    """Colour and whether it is hollow, of the two looks that most layers have."""
    shares: dict[str, int] = {}
    for column in columns:
        for look in column.looks:
            fill = "paper" if look.bar.borrowed == "all" else f"{look.colour}.solid"
            shares[fill] = shares.get(fill, 0) + column.layers
    first, *others = sorted(shares, key=lambda fill: -shares[fill]) or ["norm.solid"]
    yield circle(*at, radius, first, line, about=about)
    if others:
        for right in _clipped(at, radius, 0, -radius, radius, radius):
            yield Mark(*right, fill=others[0], stroke=line, thickness=1.0, about=about)


def _bars(
    column: Column, at: Point, left: float, wide: float, radius: float, about: About, *, apart: bool
) -> Iterator[Mark]:
    """The bars of a column: mixers side by side in a layer share its height."""
    high = 2 * radius / len(column.looks)
    for index, (colour, bar) in enumerate(column.looks):
        top = -radius + index * high
        thick = (wide - (1.0 if apart else 0.0)) * bar.thickness
        x = left + (wide - thick) / 2
        long = high if bar.whole else high * WINDOWED
        pieces = 3 if bar.chooses else 1
        gap = 0.09 * high if pieces > 1 else 0.8 if len(column.looks) > 1 else 0.0
        each = (long - gap * (pieces - 1)) / pieces
        for piece in range(pieces):
            y = top + high - long + piece * (each + gap)
            hollow = bar.hollow(piece, pieces)
            fill = "paper" if hollow else f"{colour}.solid"
            edge = f"{colour}.text" if hollow else None
            for found in _clipped(at, radius, x, y, x + thick, y + each):
                yield Mark(*found, fill=fill, stroke=edge, about=about)


def _clipped(
    at: Point, radius: float, left: float, top: float, right: float, bottom: float
) -> Iterator[tuple[float, float, str]]:
    """A rectangle, if any of it lies in the circle, as far as it does: where its path begins, and the path, clockwise."""
    nearest = min(max(0.0, top), bottom)  # the height at which the circle leaves it the most room
    reach = _half(radius, nearest)
    left, right = max(left, -reach), min(right, reach)
    if left >= right:
        return
    start = left, max(top, -_half(radius, left))
    lower = [(curved, -x, -y) for curved, x, y in _upper(radius, -right, -left, -bottom)]
    turn = right, min(bottom, _half(radius, right))
    path, (x, y) = "", start
    for curved, to_x, to_y in (*_upper(radius, left, right, top), (False, *turn), *lower):
        if (dx := number(to_x - x), dy := number(to_y - y)) != ("0", "0"):
            path += (
                f"a{number(radius)} {number(radius)} 0 0 1 {dx} {dy}" if curved else f"l{dx} {dy}"
            )
        x, y = to_x, to_y
    yield at.x + start[0], at.y + start[1], f"{path}z"


def _upper(
    radius: float, left: float, right: float, top: float
) -> Iterator[tuple[bool, float, float]]:
    """The upper edge from left to right: where each piece ends, and whether it follows the circle."""
    straight = _half(radius, top) if top < 0 else radius  # below the middle all of it is
    if left < -straight:
        end = min(-straight, right)
        yield True, end, -_half(radius, end)
    if max(left, -straight) < min(right, straight):
        yield False, min(right, straight), top
    if right > straight:
        yield True, right, -_half(radius, right)


def _half(radius: float, away: float) -> float:
    """Half of the circle's chord that runs so far from its middle."""
    return sqrt(max(0.0, radius * radius - away * away))
