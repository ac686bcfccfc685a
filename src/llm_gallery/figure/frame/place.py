"""Where a frame of one layer puts things: its stream, and the edges of what branches off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.change_signs import seal
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.plan.place import Choice, Place, merged
from llm_gallery.plan.plan import OneLayer, Plan
from llm_gallery.plan.stream import Stream


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of a layer's blocks beside another model, and what its frame is called there."""

    kinds: Mapping[int, Kind]  # by the identity of choices, and of places that don't mix
    title: str
    name: str
    new: bool = True
    counted: Callable[[Choice], str] | None = None  # how many layers have a block, in words


@dataclass(frozen=True, slots=True)
class Framed:
    """What a frame shows: a model's layer, its MLP open or not, or as it stands beside another model's."""

    plan: Plan
    one: OneLayer | None  # None where the other model alone has layers so wired
    opened: bool = False
    full: bool = False
    new: frozenset[str] = frozenset()  # paths of blocks that are outlined
    pictured: frozenset[str] = frozenset()  # facts that a picture beside the frame says
    changes: Changes | None = None


@dataclass(slots=True)
class Frame:
    """A frame that is being drawn, upward from 0."""

    shown: Framed
    width: float
    more: float = 0.0  # px in every gap
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    across: list[tuple[float, float]] = field(default_factory=list)  # of earlier sums, too
    start: Point | None = None
    """Where its first branch reads."""
    source: Point | None = None
    inside: list[tuple[Point, Picture]] = field(default_factory=list)
    """What stands open in it."""
    edges: tuple[float, float] | None = None
    """Those of a column in it."""

    @property
    def stream(self) -> Stream:
        """What the model states of its stream, as a layer has it."""
        return self.shown.plan.stream.inside

    @property
    def line(self) -> float:
        """Where the stream runs."""
        return 33.0 if streams.line_count(self.stream) > 1 or self.scaled else 26.0

    @property
    def scaled(self) -> bool:
        """Whether something stands on the stream beside its branches."""
        kept = self.stream.kept or any(
            branch.kept for branch in (self.shown.one.branches if self.shown.one else ())
        )
        return bool(kept) or self.stream.scaled

    @property
    def left(self) -> float:
        """The left edge of the blocks."""
        own = self.line + (
            38.0 if self.scaled else 34.0 if streams.line_count(self.stream) > 1 else 28.0
        )
        return own if self.edges is None else self.edges[0]

    @property
    def right(self) -> float:
        """Their right edge."""
        return self.width - 16 if self.edges is None else self.edges[1]

    @property
    def layers(self) -> int:
        """How many layers it stands for."""
        return 0 if self.shown.one is None else self.shown.one.layers

    def in_frame(self, place: Place) -> Place:
        """A place as its frame tells it: beside another model, mixtures that differ in how they route stay apart."""
        return merged(place) if self.shown.changes is None else place

    def column(self, left: float, wide: float) -> Frame:
        """The frame as one of its columns sees it: the same sheet, less room."""
        return replace(self, edges=(left, left + wide))

    def trial(self) -> Frame:
        """The frame as it stands, on a sheet that nobody sees."""
        return replace(self, sheet=Sheet(), stops=[], across=[], inside=[])

    def kind(self, what: Choice | Place) -> Kind | None:
        """What became of a block; None where no other model stands beside."""
        changes = self.shown.changes
        return None if changes is None else changes.kinds.get(id(what), "kept")

    def seal(self, x: float, y: float, what: Choice | Place) -> None:
        """The sign of what became of a block; that it changed is told in the newer model."""
        changes, kind = self.shown.changes, self.kind(what)
        if changes is not None and kind is not None and (changes.new or kind != "changed"):
            seal(self.sheet, x, y, kind)
