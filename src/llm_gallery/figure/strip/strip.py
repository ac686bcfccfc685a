"""The strip: every layer in order, left to right, its bar over what works on each token, on the stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.repeats import equal_runs
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Row
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import bars_of

BETWEEN = 3.0
"""Px between the tracks."""
ROW = 9.0
"""Px of a bar of several in a track, with its gap: its hatching is seen in print."""
BROADEST, LARGE = 36.0, 104.0
"""Px of a layer at most, and of one of few in the middle of a page."""
SEEN = 1.2
"""Px that can be told apart."""
PARTING = 0.7
"""Px between two layers at least, if each has as much itself."""
FINE, SMALL, LARGEST = 2.0, 5.0, 1.4
"""Px of a pitch under which equal neighbours are one cell: on a page, on a card, and on a sheet that is printed large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Where the cells stand: layers from the left, two tracks from the top down."""

    left: float
    top: float
    pitch: float
    token: float  # px of the track that mixes tokens ...
    channel: float  # ... and of the one that mixes channels
    depth: int

    @property
    def along(self) -> float:
        """Px of all layers."""
        return self.pitch * self.depth

    @property
    def across(self) -> float:
        """Px of both tracks."""
        return self.token + BETWEEN + self.channel

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.across

    @property
    def right(self) -> float:
        """Where the last layer ends."""
        return self.left + self.along

    @property
    def cell(self) -> float:
        """Px of a cell along the strip: the gap is a sixth of a pitch, never more than 2 px, and of a fine one wide enough
        to be seen."""
        return self.pitch - min(2.0, max(self.pitch / 6, min(PARTING, self.pitch / 2)))

    def extent(self, first: int, last: int | None = None) -> tuple[float, float]:
        """From the left to the right edge of one layer or of several."""
        last = first if last is None else last
        return self.left + first * self.pitch, self.left + last * self.pitch + self.cell

    def middle(self, layer: int) -> float:
        """Where a layer stands."""
        return sum(self.extent(layer)) / 2


def laid(
    depth: int,
    left: float,
    right: float,
    top: float,
    *,
    token: float,
    channel: float,
    large: bool = False,
) -> Strip:
    """The strip that fills the width, or of few layers as much as it needs: `large` ones stand in its middle."""
    pitch = min(LARGE if large else BROADEST, (right - left) / max(1, depth))
    if pitch == LARGE:
        left += (right - left - pitch * depth) / 2
    return Strip(left=left, top=top, pitch=pitch, token=token, channel=channel, depth=depth)


def draw(sheet: Sheet, root: Block, place: Strip, joined: float = FINE) -> None:
    """Every layer's bar, those of one look as one path; under `joined` px a layer equal neighbours run together.

    On cards and posters hatchings run through all cells: each with its own would be most of a poster's file.
    """
    tracks, small = looks(root, place.token, place.channel), place.pitch < joined
    found: dict[tuple[Track, int], list[Cell]] = {}
    for first, run in _runs(schedule(root), small, step=_step(place.pitch)):
        start, end = place.extent(first, first + run - 1)
        for track in tracks[schedule(root)[first]]:
            cell = Cell(start, place.top + track.top, end - start, track.height)
            found.setdefault((track, run), []).append(cell)
    for (track, _), cells in found.items():
        row = Row(cells[0].x - place.left, place.pitch, place.along)
        sheet.put(
            *bars(track.look, cells, small=small, row=None if small or joined != FINE else row)
        )


def _step(pitch: float) -> int:
    """Of layers too thin to be seen one in so many is drawn: an odd number, so that an alternation stays one."""
    step = ceil(SEEN / pitch)
    return step + (step + 1) % 2


def _runs(kinds_in_order: Sequence[int], joined: bool, step: int) -> Iterator[tuple[int, int]]:
    """The first layer of each cell, and how many layers it stands for."""
    at = 0
    if step > 1:
        yield from ((layer, step) for layer in range(0, len(kinds_in_order), step))
        return
    for run in equal_runs(kinds_in_order) if joined else ():
        yield at, run.times
        at += run.times
    if not joined:
        yield from ((layer, 1) for layer in range(len(kinds_in_order)))


def pointed_area(root: Block, place: Strip, stream: float) -> Box:
    """Where a strip stands, for a page that asks which layer is pointed at.

    Its depth, px of both tracks, and px from it to the middle of the stream.
    """
    token, channel = shares(root, place.token, place.channel)
    told = f"{place.depth} {token:g} {channel:g} {stream:g}"
    about = About("", "", (("strip", told),))
    return Box(place.left, place.top, place.along, place.across, radius=0, open=True, about=about)


class Track(NamedTuple):
    """A look, and where its cells stand from the strip's first edge on."""

    look: Look
    top: float
    height: float


def looks(root: Block, token: float, channel: float) -> tuple[tuple[Track, ...], ...]:
    """How each kind of layer is painted, on tracks so high together."""
    token, channel = shares(root, token, channel)
    return tuple(tuple(_tracks(*each, token, channel)) for each in _painted(root))


def shares(root: Block, token: float, channel: float) -> tuple[float, float]:
    """Px of the two tracks, so high together.

    That of what mixes channels has room for as many bars as a layer has at most, up to half of both.
    """
    most = max((len(channels) for _, channels in _painted(root)), default=0)
    if most < 2:
        return token, channel
    more = max(0.0, min(ROW * most, (token + channel) / 2) - channel)
    return token - more, channel + more


def _painted(root: Block) -> tuple[tuple[tuple[Look, ...], tuple[Look, ...]], ...]:
    """The looks of the token mixer and of the channel mixer of each kind of layer."""
    held = [(mixers(kind.layer), channel_mixers(kind.layer)) for kind in kinds(root)]
    every = [block for both in held for blocks in both for block in blocks]
    drawn = iter(bars_of(every))
    return tuple(
        (
            tuple(Look(colour_of(block), next(drawn)) for block in tokens),
            tuple(Look(colour_of(block), next(drawn)) for block in channels),
        )
        for tokens, channels in held
    )


def _tracks(
    tokens: Sequence[Look], channels: Sequence[Look], token: float, channel: float
) -> Iterator[Track]:
    """Mixers of tokens first, of channels then; where a layer has one sort only, it takes all the room."""
    whole = token + BETWEEN + channel
    yield from _shared(tokens, 0, token if channels else whole, BETWEEN)
    start = token + BETWEEN if tokens else 0.0
    yield from _shared(channels, start, whole - start, 1.0)


def _shared(painted: Sequence[Look], top: float, high: float, gap: float) -> Iterator[Track]:
    """Blocks side by side in a layer share its track."""
    each = (high - gap * (len(painted) - 1)) / max(1, len(painted))
    for index, look in enumerate(painted):
        yield Track(look, top + index * (each + gap), each)


@once_a_tree
def alike(root: Block) -> tuple[int, ...]:
    """For each layer the first kind that is painted like its own."""
    painted = _painted(root)
    first = [painted.index(each) for each in painted]
    return tuple(first[kind] for kind in schedule(root))
