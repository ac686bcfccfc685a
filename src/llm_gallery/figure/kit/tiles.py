"""The tiles of print's hatchings as patterns of TikZ and as greys, from the same source as those of SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import hypot

from llm_gallery.figure.kit import segments
from llm_gallery.figure.kit.hatching import TILE, Hatch, plain
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.theme import HATCHES, THEMES, mixed

SAMPLES = 60
"""Places of a line at which it is asked whether it is still in its tile."""


def pattern(name: str, tile: str) -> Iterator[str]:
    """The definition of a pattern, unless an earlier figure of the document made it: its tile's elements in order."""
    yield f"\\ifcsname pgf@pattern@name@{name}\\endcsname\\else"
    corner = f"\\pgfpoint{{{TILE}\\px}}{{{TILE}\\px}}"
    yield f"\\pgfdeclarepatterninherentlycolored{{{name}}}{{\\pgfpointorigin}}{{{corner}}}{{{corner}}}{{%"
    for element in re.findall(r"<[^>]*>", tile):
        yield from (f"  {line}%" for line in _drawn(element))
    yield "}\\fi"


def grey(hatch: Hatch) -> str:
    """A colour as dark as a hatching is on the whole."""
    if (one := plain(hatch)) is not None:
        return one
    elements = re.findall(r"<[^>]*>", HATCHES[hatch.mechanism])
    share = min(1.0, sum(map(_covered, elements)) / TILE**2)
    return mixed(THEMES["print"].colour("ink"), THEMES["print"].colour("paper"), share)


def _covered(element: str) -> float:
    """Square px of a tile that an element inks; where two lines cross, twice."""
    said, path = _read(element)
    lines = [stretch.points for stretch in segments.stretches(path)]
    if "fill" in said:
        return sum(
            abs(sum(a.x * b.y - b.x * a.y for a, b in pairwise(points))) / 2 for points in lines
        )
    pairs = [pair for points in lines for pair in pairwise(points)]
    length = sum(hypot(b.x - a.x, b.y - a.y) * _inside(a, b) for a, b in pairs)
    return length * float(said.get("stroke-width", 1))


def _inside(a: Point, b: Point) -> float:
    """The share of a straight line that lies in the tile."""
    places = [
        (a.x + (b.x - a.x) * (n + 0.5) / SAMPLES, a.y + (b.y - a.y) * (n + 0.5) / SAMPLES)
        for n in range(SAMPLES)
    ]
    return sum(0 <= x <= TILE and 0 <= y <= TILE for x, y in places) / SAMPLES


def _read(element: str) -> tuple[dict[str, str], str]:
    """What an element of a tile states, and its path."""
    said = dict(re.findall(r'([a-z-]+)="([^"]*)"', element))
    return said, said.get("d") or f"h{said['width']}v{said['height']}h-{said['width']}z"


def _drawn(element: str) -> Iterator[str]:
    said, path = _read(element)
    tone = (said.get("fill") or said["stroke"]).removeprefix("#")
    yield f"\\definecolor{{tile}}{{HTML}}{{{tone}}}\\pgfsetcolor{{tile}}"
    yield f"\\pgfsetlinewidth{{{said.get('stroke-width', '1')}\\px}}"
    for stretch in segments.stretches(path):
        yield f"\\pgfpathmoveto{{{_point(*stretch.start)}}}"
        yield from (f"\\pgfpathlineto{{{_point(*end)}}}" for end, _ in stretch.segments)
    yield f"\\pgfusepath{{{'fill' if 'fill' in said else 'stroke'}}}"


def _point(x: float, y: float) -> str:
    """A tile is turned over with all else of the picture."""
    return f"\\pgfpoint{{{number(x)}\\px}}{{{number(TILE - y)}\\px}}"
