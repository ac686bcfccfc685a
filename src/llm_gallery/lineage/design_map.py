"""The design space as a plane: every design a point, near where few changes lead from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.distance import distance
from llm_gallery.lineage.scaling import Points, scaled, stress

CLOSE = 5
"""Neighbours of each design that are looked for again in the plane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A design at its place, in units of distance from the middle, to the right and up; and who is nearest to it."""

    design: Design
    x: float
    y: float
    nearest: Design
    distance: float  # as measured
    followers: int  # later designs to which no other that was there is as near


@dataclass(frozen=True, slots=True)
class DesignMap:
    """All designs, and how much the plane keeps."""

    places: tuple[Placed, ...]  # oldest first
    stress: float  # 0 where every distance is kept
    kept: float  # share of each design's nearest that are its nearest in the plane too


def design_map(designs: Sequence[Design]) -> DesignMap:
    """The map of designs that are given oldest first; of each its first model is measured. Empty for fewer than three."""
    if len(designs) < 3:
        return DesignMap((), 0.0, 1.0)
    far = distances(designs)
    points = scaled(far)
    rows = range(len(designs))
    nearest = [min((j for j in rows if j != i), key=far[i].__getitem__) for i in rows]
    before = [min(range(i), key=far[i].__getitem__) for i in rows if i]
    places = tuple(
        Placed(
            design=designs[i],
            x=round(points[i][0], 3),
            y=round(points[i][1], 3),
            nearest=designs[nearest[i]],
            distance=far[i][nearest[i]],
            followers=before.count(i),
        )
        for i in rows
    )
    return DesignMap(places, stress(points, far), _neighbour_share(points, far))


def distances(designs: Sequence[Design]) -> list[list[float]]:
    """How far each two stand apart, by all their changes."""
    far = [[0.0] * len(designs) for _ in designs]
    for i, new in enumerate(designs):
        for j, old in enumerate(designs[:i]):
            far[i][j] = far[j][i] = distance(new.first.since(old.first))
    return far


def _neighbour_share(points: Points, far: Sequence[Sequence[float]]) -> float:
    """How many of the nearest of each are its nearest in the plane."""
    common, close = 0, min(CLOSE, len(points) - 1)
    for i, (x, y) in enumerate(points):
        others = [j for j in range(len(points)) if j != i]
        flat = {j: (points[j][0] - x) ** 2 + (points[j][1] - y) ** 2 for j in others}
        common += len(
            set(sorted(others, key=flat.__getitem__)[:close])
            & set(sorted(others, key=far[i].__getitem__)[:close])
        )
    return common / (close * len(points))
