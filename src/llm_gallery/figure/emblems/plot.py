"""True curves: a function drawn in a window of the canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

from llm_gallery.figure.emblems.ink import HIGH, WIDE, Marks, lines, smooth
from llm_gallery.figure.kit.traces import At

Curve = Callable[[float], float]
STEP = 1e-4
"""How far apart a slope is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A window of a plane on the canvas: from `low` to `high` across, from `least` to `most` upward."""

    low: float
    high: float
    least: float
    most: float
    left: float = 20
    right: float = WIDE - 20
    top: float = 9
    bottom: float = HIGH - 9

    def at(self, x: float, y: float) -> At:
        """Where a point of the plane is drawn."""
        across = self.left + (x - self.low) / (self.high - self.low) * (self.right - self.left)
        return across, self.bottom - (y - self.least) / (self.most - self.least) * (
            self.bottom - self.top
        )

    def curve(self, of: Curve, role: str, thick: float = 3, count: int = 16) -> Marks:
        """A function, as far as the window shows it."""
        xs = [self.low + (self.high - self.low) * i / count for i in range(count + 1)]
        seen = [x for x in xs if self.least - 1e-9 <= of(x) <= self.most + 1e-9]
        (x, y), (further, higher) = self.at(0, 0), self.at(1, 1)
        scale = (higher - y) / (further - x)
        slopes = [(of(x + STEP) - of(x - STEP)) / (2 * STEP) * scale for x in seen]
        return smooth([self.at(x, of(x)) for x in seen], slopes, role, thick)

    def level(self, y: float, role: str, thick: float = 2) -> Marks:
        """A line at a height."""
        return lines((self.at(self.low, y), self.at(self.high, y)), role=role, thick=thick)

    def axes(self, role: str) -> Marks:
        """The lines at which either coordinate is 0."""
        level = self.at(self.low, 0), self.at(self.high, 0)
        return lines(level, (self.at(0, self.least), self.at(0, self.most)), role=role)

    def points(self, of: Curve, xs: Sequence[float]) -> list[At]:
        """Points of a function."""
        return [self.at(x, of(x)) for x in xs]


def sigmoid(x: float) -> float:
    """Between 0 and 1."""
    return 1 / (1 + exp(-x))


def bell(x: float) -> float:
    """The density of a normal variable, 1 at its mean."""
    return exp(-x * x / 2)
