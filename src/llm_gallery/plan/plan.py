"""What a figure shows, before anything has a place: frames of layers wired alike, and the insets they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.plan.naming import Naming
from llm_gallery.plan.place import Place, Variant
from llm_gallery.plan.stream import Stream


@dataclass(frozen=True, slots=True)
class Fork:
    """Columns that read the same input and are added: parallel layers, attention beside a state."""

    columns: tuple[tuple[Place, ...], ...]
    scale: str = ""  # what multiplies the sum, as it is written

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them, column after column."""
        return tuple(place for column in self.columns for place in column)


Step = Place | Fork


@dataclass(frozen=True, slots=True)
class Branch:
    """What is added to the residual stream, in order of computation; not `added`, it stands on the stream."""

    steps: tuple[Step, ...]
    added: bool = True
    connection: Variant | None = None  # how it reads and writes a stream, where it doesn't just add
    apart: bool = False  # it reads what the layer's source gives, not the stream
    kept: str = ""  # what multiplies the stream before this one is added, where others have nothing of the kind
    scaled: str = ""  # what multiplies this one

    @property
    def places(self) -> Iterator[Place]:
        """All places, column after column."""
        return (place for step in self.steps for place in step.places)


@dataclass(frozen=True, slots=True)
class OneLayer:
    """Layers that are wired alike, as one."""

    branches: tuple[Branch, ...]
    all_layers: tuple[int, ...]

    @property
    def layers(self) -> int:
        """How many they are."""
        return len(self.all_layers)

    @property
    def places(self) -> Iterator[Place]:
        """All places, branch after branch."""
        return (place for branch in self.branches for place in branch.places)


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
    colours: tuple[tuple[Colour, ...], ...]  # of token mixers, then of channel mixers
    frames: tuple[OneLayer, ...]  # apart where they differ in any part
    uses: tuple[Use, ...]
    stream: Stream
    wiring: Use | None  # how branches read and write the stream, where they don't just add
    naming: Naming = "both"  # whether blocks have plain words, the field's names, or both

    @property
    def named(self) -> tuple[Block, ...]:
        """All blocks that the field has names for, those of the stream last."""
        uses = (*self.uses, *filter(None, (self.wiring,)))
        return tuple(variant.block for use in uses for variant in use.variants)

    @property
    def mechanisms(self) -> frozenset[Colour]:
        """Every colour of its layers."""
        return frozenset(colour for kind in self.colours for colour in kind)
