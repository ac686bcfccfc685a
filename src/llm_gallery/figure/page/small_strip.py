"""The strip where a layer has under 5 px: thickness is a tint, a break one gap in the middle, length stays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from llm_gallery.analysis.layers import schedule
from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.page.layer_bar import WINDOWED, Cell, Look
from llm_gallery.figure.page.strip import Strip, Track, looks

SMALL = 5.0
"""Px of a layer under which its bar has no shape of its own."""
LEAST = 0.22
"""Share of the ink of what keeps least."""
UNPLACED = 0.8
"""Share of its length of what knows no positions: a slanted end isn't seen."""
HOLLOW = 0.3
"""Share of it of what borrows."""


def small_strip(root: Block, place: Strip) -> Iterator[Box]:
    """Every layer's bar, equal neighbours as one."""
    kinds = looks(root, place.token, place.channel)
    order = schedule(root)
    # Tracks of layers that share one differ in height: each is followed by itself.
    for track in dict.fromkeys(track for kind in kinds for track in kind):
        for cell in _runs(track, [track in kinds[kind] for kind in order], place):
            yield from small_bar(track.look, cell)


def _runs(track: Track, having: list[bool], place: Strip) -> Iterator[Cell]:
    """Where layers that follow one another have it."""
    layer = 0
    for has, run in groupby(having):
        count = len(list(run))
        if has:
            left = place.left + layer * place.pitch
            yield Cell(left, place.top + track.top, count * place.pitch, track.height)
        layer += count


def small_bar(look: Look, cell: Cell) -> Iterator[Box]:
    """One bar, or that of several equal layers."""
    colour, bar = look
    x, y, wide, high = cell
    long = (1.0 if bar.whole else WINDOWED) * (UNPLACED if bar.unplaced else 1.0)
    if long < 1:
        low = high * long
        yield _box(x, y, wide, high - low, f"{colour}.pale")
        y, high = y + high - low, low
    ink = max(LEAST, bar.thickness)
    full, pale = _toned(look, ink), _toned(look, ink * HOLLOW)
    first = full if bar.borrowed != "all" else pale
    rest = full if bar.borrowed == "nothing" else pale
    if not bar.chooses and first == rest:
        yield _box(x, y, wide, high, first)
        return
    gap = min(3.0, max(1.0, high * 0.12)) if bar.chooses else 0.0
    each = (high - gap) / 2
    yield _box(x, y, wide, each, rest)
    yield _box(x, y + each + gap, wide, each, first)


def _toned(look: Look, ink: float) -> str:
    return f"{look.colour}.solid" if ink >= 1 else f"{look.colour}.{round(100 * ink)}"


def _box(x: float, y: float, wide: float, high: float, fill: str) -> Box:
    return Box(x, y, wide, high, radius=0, fill=fill, open=True)
