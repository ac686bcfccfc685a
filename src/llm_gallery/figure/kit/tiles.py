"""The tiles of print's hatchings as patterns of TikZ, from the same source as those of SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_gallery.figure.kit import segments
from llm_gallery.figure.kit.hatching import TILE
from llm_gallery.figure.kit.svg import number


def pattern(name: str, tile: str) -> Iterator[str]:
    """The definition of a pattern, unless an earlier figure of the document made it: its tile's elements in order."""
    yield f"\\ifcsname pgf@pattern@name@{name}\\endcsname\\else"
    corner = f"\\pgfpoint{{{TILE}\\px}}{{{TILE}\\px}}"
    yield f"\\pgfdeclarepatterninherentlycolored{{{name}}}{{\\pgfpointorigin}}{{{corner}}}{{{corner}}}{{%"
    for element in re.findall(r"<[^>]*>", tile):
        yield from (f"  {line}%" for line in _drawn(element))
    yield "}\\fi"


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
