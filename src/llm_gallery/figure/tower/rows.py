"""A tower as text: its rows from the bottom up, what is new in them, and its call-outs; nothing here has a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.stream import Stream


class Spot(NamedTuple):
    """A block by its storey, its branch, and its place among those that read the same input."""

    storey: int
    branch: int
    block: int


Where = Spot | Literal["stream", "loop"]
"""A block, the streams beside one another, or the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TowerBlock:
    """A block: plain words, the field's name, one size, and what in it is new."""

    colour: Colour
    title: str
    field: str = ""
    size: str = ""
    again: bool = False  # described in a storey below
    new: str = ""  # the tag: what is new in it, by name
    whole: bool = False  # the block as a whole is new
    block: Block

    @property
    def second(self) -> str:
        """The second line, whole."""
        return "" if self.again else ", ".join(filter(None, (self.field, self.size)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TowerBranch:
    """Blocks that read the same input, and where norms stand."""

    blocks: tuple[TowerBlock, ...]
    before: bool
    after: bool
    on_stream: bool  # a norm stands on the stream behind the sum


class Named(NamedTuple):
    """Layers told by name alone: how often they come, and what each of their parts is called."""

    times: int
    parts: tuple[tuple[Colour, str], ...]
    more: int = 0  # kinds that aren't named


@dataclass(frozen=True, slots=True, kw_only=True)
class Storey:
    """A kind of layer and how often it comes in a row; without branches it is a line of names."""

    times: int
    frame: int  # storeys of one frame follow one another on one stem
    layer: int  # the first that it stands for, counted from 1
    branches: tuple[TowerBranch, ...] = ()
    names: tuple[Named, ...] = ()

    @property
    def label(self) -> str:
        """Its parts in one line."""
        drawn = (block.title for branch in self.branches for block in branch.blocks)
        told = (words for named in self.names for _, words in named.parts)
        return f"{self.times:,} × {', '.join(dict.fromkeys((*drawn, *told))) or 'further kinds'}"


class Cell(NamedTuple):
    """A layer in the strip: the colours of what mixes tokens, the length of its bar, the colour of its channel block."""

    mixers: tuple[Colour, ...]
    length: float
    channels: Colour | None


class Call(NamedTuple):
    """A call-out: a name, one number and what it counts, and where its leader begins."""

    name: str
    number: str
    words: str
    colour: Colour | None  # None: of the stream or of the whole
    at: Where | None
    concept: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tower:
    """Everything that a tower says, in any format."""

    name: str
    maker: str
    month: str
    total: str
    about: str  # "37.6B active, 128K context"
    storeys: tuple[Storey, ...]
    strip: tuple[Cell, ...]
    repeats: int  # how often the braced frame comes; 0 without a brace
    braced: int  # that frame
    shown: tuple[int, int]  # the layers that it stands for, the first and the one behind the last
    ordered: bool  # whether the storeys stand in the layers' order
    stream: Stream
    stream_tag: str
    loop_tag: str
    norm: str
    width: str
    vocabulary: str
    calls: tuple[Call, ...]
    ancestor: str  # that the tags are set against; "" where nothing is new

    def at(self, spot: Spot) -> TowerBlock:
        """The block at a place."""
        return self.storeys[spot.storey].branches[spot.branch].blocks[spot.block]
