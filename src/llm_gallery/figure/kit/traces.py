"""Path data of plain forms in relative commands: rectangles, lines along points, circles and smooth curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from llm_gallery.figure.kit.svg import number

At = tuple[float, float]
"""Across and down, in px."""


def rectangles(corners: Iterable[At], wide: float, high: float) -> str:
    """Those of one size by their upper left corners."""
    path, at = "", (0.0, 0.0)
    for x, y in corners:
        path += f"m{number(x - at[0])} {number(y - at[1])}h{number(wide)}v{number(high)}h-{number(wide)}z"
        at = x, y
    return path


def ways(lines: Iterable[Sequence[At]], *, closed: bool = False) -> str:
    """Lines along points, each from where the last one ended; a closed one ends where it began."""
    path, at = "", (0.0, 0.0)
    for line in lines:
        start = line[0]
        path += f"m{number(start[0] - at[0])} {number(start[1] - at[1])}"
        for (a, b), (x, y) in pairwise(line):
            path += f"l{number(x - a)} {number(y - b)}"
        at = start if closed else line[-1]
        if closed:
            path += "z"
    return path


def circles(middles: Iterable[At], radius: float) -> str:
    """Those of one size round their middles."""
    path, at = "", (0.0, 0.0)
    r, across = number(radius), number(2 * radius)
    for x, y in middles:
        here = x - radius, y
        path += f"m{number(here[0] - at[0])} {number(here[1] - at[1])}"
        path += f"a{r} {r} 0 0 1 {across} 0a{r} {r} 0 0 1 -{across} 0z"
        at = here
    return path
