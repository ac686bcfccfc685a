"""A tower as text: its rows from the bottom up, what is new in them, and its call-outs; nothing here has a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.tooltip import tooltip
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
    before: bool = False  # of several that read the same input: a norm of its own stands before it
    after: bool = False  # and behind it
    name: str = ""  # what it is called beside the others of its place: "Global, no RoPE"
    block: Block
    path: str = ""  # in the first layer that has it
    others: tuple[tuple[str, Block], ...] = ()  # of its name and look, that differ in other facts

    @property
    def second(self) -> str:
        """The second line, whole."""
        return "" if self.again else ", ".join(filter(None, (self.field, self.size)))

    @property
    def about(self) -> About:
        """Its path and its facts, as every figure's blocks have them."""
        return tooltip(self.path, self.block, self.title, self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class TowerBranch:
    """Blocks that read the same input, or one after another, and where norms stand."""

    blocks: tuple[TowerBlock, ...]
    before: bool  # a norm stands before all of them
    after: bool  # and one behind them
    on_stream: bool  # a norm stands on the stream behind the sum
    under: bool = False  # a norm stands on the stream before the branch reads it
    series: bool = False  # each block reads what the one before it gives, the first at the bottom
    reads: int | None = None  # the branch of its storey whose input it reads, where not the stream

    @property
    def norms(self) -> int:
        """Norms of the branch, on its way or on the stream beside it."""
        own = sum(block.before + block.after for block in self.blocks)
        return own + self.before + self.after + self.on_stream + self.under


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
    branches: tuple[TowerBranch, ...] = ()
    names: tuple[Named, ...] = ()
    layers: tuple[int, ...] = ()  # all that it stands for, counted from 0
    path: str = ""  # of the first of them

    @property
    def layer(self) -> int:
        """The first that it stands for, counted from 1."""
        return self.layers[0] + 1 if self.layers else 0

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
    source: str = ""  # the gallery or its address, and its version
    read: str = "token ids"  # what enters
    given: str = "next token"  # what leaves
    embedding_path: str = ""
    head_path: str = ""
    norm_path: str = ""

    @property
    def against(self) -> str:
        """What the tags are set against."""
        return f"NEW: not in {self.ancestor}" if self.ancestor else ""

    def at(self, spot: Spot) -> TowerBlock:
        """The block at a place."""
        return self.storeys[spot.storey].branches[spot.branch].blocks[spot.block]
