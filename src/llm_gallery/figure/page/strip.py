"""The strip laid down: every layer in order, left to right, its bar above what works on each token, the stream below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import bar_of

BETWEEN = 3.0
"""Px between the tracks."""
BROADEST = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Where the cells stand: layers rightward from `left`, two tracks down from `top`."""

    left: float
    top: float
    pitch: float
    token: float  # px of the height of the track that mixes tokens ...
    channel: float  # ... and of the one that mixes channels
    depth: int

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.token + BETWEEN + self.channel

    @property
    def right(self) -> float:
        """Where the last layer ends."""
        return self.left + self.pitch * self.depth

    @property
    def cell(self) -> float:
        """Px of a cell's width: the gap is a sixth of a fine pitch, never more than 2 px."""
        return self.pitch - min(2.0, self.pitch / 6)

    def middle(self, layer: int) -> float:
        """Where a layer stands."""
        return self.left + layer * self.pitch + self.cell / 2


def laid(
    depth: int, left: float, right: float, top: float, *, token: float, channel: float
) -> Strip:
    """The strip that fills the width, or of few layers as much as it needs."""
    pitch = min(BROADEST, (right - left) / max(1, depth))
    return Strip(left=left, top=top, pitch=pitch, token=token, channel=channel, depth=depth)


def draw(sheet: Sheet, root: Block, place: Strip) -> None:
    """Every layer's bar, those of one look as one path."""
    looks = [tuple(tracks(kind.layer, place)) for kind in kinds(root)]
    found: dict[Track, list[Cell]] = {}
    for layer, kind in enumerate(schedule(root)):
        for track in looks[kind]:
            x = place.left + layer * place.pitch
            cell = Cell(x, place.top + track.top, place.cell, track.height)
            found.setdefault(track, []).append(cell)
    for track, cells in found.items():
        sheet.put(*bars(track.look, cells))


class Track(NamedTuple):
    """A look, and where its cells stand under the strip's upper edge."""

    look: Look
    top: float
    height: float


def tracks(layer: Block, place: Strip) -> Iterator[Track]:
    """Mixers of tokens above, of channels below; where a layer has one sort only, it takes all the height."""
    tokens, channels = mixers(layer), channel_mixers(layer)
    whole = place.bottom - place.top
    yield from _shared(tokens, 0, place.token if channels else whole, BETWEEN)
    start = place.token + BETWEEN if tokens else 0.0
    yield from _shared(channels, start, whole - start, 1.0)


def _shared(blocks: Sequence[Block], top: float, high: float, gap: float) -> Iterator[Track]:
    """Blocks side by side in a layer share its track."""
    each = (high - gap * (len(blocks) - 1)) / max(1, len(blocks))
    for index, block in enumerate(blocks):
        look = Look(colour_of(block), bar_of(block))
        yield Track(look, top + index * (each + gap), each)
