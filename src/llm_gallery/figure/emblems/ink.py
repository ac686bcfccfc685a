"""What an emblem is drawn with: marks in the tones of mechanisms, on a canvas of 160 × 90 px."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.traces import At, circles, rectangles, ways
from llm_gallery.mechanisms.colour import Tone

WIDE, HIGH = 160.0, 90.0
"""Px of every emblem's canvas."""
THICK = 2.0
"""Px of a line, and of the stroke that softens corners."""
PALE = ("mlp", "window", "convolution")
"""Hues whose solid is hardly darker than what is faint of others."""


class Inks(NamedTuple):
    """The tones of a mechanism: what counts is strong, what it stands beside is faint."""

    hue: Tone

    @property
    def strong(self) -> str:
        """The role of what counts: dark enough for thin lines."""
        return f"{self.hue}.line"

    @property
    def faint(self) -> str:
        """The role of what stands back."""
        return f"{self.hue}.edge"

    @property
    def cell(self) -> str:
        """The role of one of several mechanisms side by side, which print tells apart by greys."""
        return f"{self.hue}.cell"

    @property
    def pale(self) -> str:
        """The role of an area that others stand on: more of a hue that is pale itself."""
        return f"{self.hue}.{48 if self.hue in PALE else 20}"

    def shade(self, share: float) -> str:
        """The role of a number from 0 to 1: so much of the strong tone, in steps of an eighth."""
        return f"{self.hue}.{max(1, round(share * 8)) * 12}" if share < 0.94 else self.strong


Marks = tuple[Mark, ...]
Emblem = Callable[[Inks], Marks]
"""An idea's drawing, in the tones of its mechanism."""


def _snapped(points: Iterable[At]) -> list[At]:
    """To a tenth of a pixel, so that no rounding adds up along a path."""
    return [(round(x, 1), round(y, 1)) for x, y in points]


def _mark(path: str, *, fill: str | None = None, stroke: str | None = None, thick: float) -> Marks:
    return (Mark(0, 0, path, fill=fill, stroke=stroke, thickness=thick),) if path else ()


def squares(corners: Iterable[At], wide: float, high: float, role: str) -> Marks:
    """Full cells of one size with soft corners, by their upper left ones."""
    soft = THICK / 2
    inner = _snapped((x + soft, y + soft) for x, y in corners)
    path = rectangles(inner, round(wide - THICK, 1), round(high - THICK, 1))
    return _mark(path, fill=role, stroke=role, thick=THICK)


def frames(corners: Iterable[At], wide: float, high: float, role: str) -> Marks:
    """Empty cells of one size, as large as full ones."""
    soft = THICK / 2
    inner = _snapped((x + soft, y + soft) for x, y in corners)
    path = rectangles(inner, round(wide - THICK, 1), round(high - THICK, 1))
    return _mark(path, stroke=role, thick=THICK)


def lines(*along: Sequence[At], role: str, thick: float = THICK) -> Marks:
    """Lines along points."""
    return _mark(ways(map(_snapped, along)), stroke=role, thick=thick)


def areas(*around: Sequence[At], role: str) -> Marks:
    """Polygons with soft corners."""
    return _mark(ways(map(_snapped, around), closed=True), fill=role, stroke=role, thick=1)


def outlines(*around: Sequence[At], role: str) -> Marks:
    """Empty polygons."""
    return _mark(ways(map(_snapped, around), closed=True), stroke=role, thick=THICK)


def discs(middles: Iterable[At], radius: float, role: str) -> Marks:
    """Full circles."""
    return _mark(circles(_snapped(middles), radius), fill=role, thick=1)


def rings(middles: Iterable[At], radius: float, role: str, fill: str | None = None) -> Marks:
    """Circles with an edge, empty if nothing fills them."""
    return _mark(circles(_snapped(middles), radius), fill=fill, stroke=role, thick=THICK)


def pills(*along: Sequence[At], role: str) -> Marks:
    """Thick lines with round ends."""
    path = ways(map(_snapped, along))
    return (Mark(0, 0, path, stroke=role, thickness=11, round=True),)


def arcs(*bows: tuple[At, At, At], role: str, thick: float = THICK) -> Marks:
    """Bows, each from a point by one that pulls it to its end."""
    path, (x, y) = "", (0.0, 0.0)
    for start, pull, end in map(_snapped, bows):
        path += f"m{number(start[0] - x)} {number(start[1] - y)}q{_from(start, pull)} {_from(start, end)}"
        x, y = end
    return _mark(path, stroke=role, thick=thick)


def smooth(points: Sequence[At], slopes: Sequence[float], role: str, thick: float = 3) -> Marks:
    """A curve through points, at each of which it falls by so many px a px."""
    path, ends = "", _snapped(points)
    for i, (start, end) in enumerate(pairwise(ends)):
        third = (end[0] - start[0]) / 3
        first = start[0] + third, start[1] + third * slopes[i]
        last = end[0] - third, end[1] - third * slopes[i + 1]
        path += "c" + " ".join(_from(start, at) for at in _snapped([first, last, end]))
    x, y = ends[0]
    return _mark(f"m{number(x)} {number(y)}{path}", stroke=role, thick=thick)


def _from(start: At, end: At) -> str:
    return f"{number(end[0] - start[0])} {number(end[1] - start[1])}"


def tips(*ends: tuple[At, At], role: str, size: float = 4) -> Marks:
    """Arrow heads, each at a point and in a direction of length 1."""
    return areas(
        *(
            ((x, y), (x - size * (1.6 * a - b), y - size * (1.6 * b + a)), (x - size * (1.6 * a + b), y - size * (1.6 * b - a)))
            for (x, y), (a, b) in ends
        ),
        role=role,
    )  # fmt: skip
