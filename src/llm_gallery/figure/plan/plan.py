"""What a figure shows, before anything has a place: frames of layers wired alike, and the insets they share."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.mechanisms.colour import Colour


@dataclass(frozen=True, slots=True)
class Variant:
    """One block of several that stand at the same place: its path in its first layer, its layers."""

    block: Block
    path: str
    layers: tuple[int, ...]

    @property
    def count(self) -> int:
        """Layers that hold the block."""
        return len(self.layers)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a branch; more than one variant where layers differ in facts only."""

    variants: tuple[Variant, ...]

    @property
    def block(self) -> Block:
        """The block of the first variant: what all of them are alike in."""
        return self.variants[0].block

    @property
    def mixes(self) -> bool:
        """Whether the layer is about this block: it mixes tokens or channels."""
        return self.block.on_tokens or self.block.on_channels

    @property
    def columns(self) -> tuple[tuple[Slot, ...], ...]:
        """Itself, as a step has columns."""
        return ((self,),)


@dataclass(frozen=True, slots=True)
class Fork:
    """Columns that read the same input and are added: parallel layers, attention beside a state."""

    columns: tuple[tuple[Slot, ...], ...]
    scale: str = ""  # what multiplies the sum, as it is written


Step = Slot | Fork


@dataclass(frozen=True, slots=True)
class Branch:
    """What is added to the residual stream, in order of computation; not `added`, it stands on the stream."""

    steps: tuple[Step, ...]
    added: bool = True
    connection: Variant | None = None  # how it reads and writes a stream, where it doesn't just add
    apart: bool = False  # it reads what the layer's source gives, not the stream

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots, column after column where there are several."""
        return tuple(slot for step in self.steps for column in step.columns for slot in column)

    @property
    def heroes(self) -> tuple[Slot, ...]:
        """The slots that mix."""
        return tuple(slot for slot in self.slots if slot.mixes)


@dataclass(frozen=True, slots=True)
class Frame:
    """Layers whose wiring and parts are the same."""

    layers: tuple[int, ...]
    branches: tuple[Branch, ...]

    def heroes(self, token: bool) -> tuple[Slot, ...]:
        """The slots that mix tokens, or those that mix channels."""
        heroes = (hero for branch in self.branches for hero in branch.heroes)
        return tuple(hero for hero in heroes if hero.block.on_tokens == token)


@dataclass(frozen=True, slots=True)
class Use:
    """A mechanism that one inset shows: whether it mixes tokens, and its variants over all frames."""

    token: bool
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the figure of a stack shows."""

    root: Block
    depth: int
    schedule: tuple[int, ...]  # for each layer its kind: an index into `colours`
    colours: tuple[tuple[Colour, ...], ...]  # of what mixes tokens, then of what mixes channels
    frames: tuple[Frame, ...]
    uses: tuple[Use, ...]
    stream: Stream
    wiring: Use | None  # how branches read and write the stream, where they don't just add

    @property
    def mechanisms(self) -> frozenset[Colour]:
        """Every colour of its layers."""
        return frozenset(colour for kind in self.colours for colour in kind)
