"""A frame that is being drawn: its model, its edges, and how high what stands in it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.difference.bands import Step
from llm_gallery.figure.difference.change_signs import seal
from llm_gallery.figure.kit.blocks import HERO, NORM, Sheet
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.plan.one_layer import Choice, Columns, OneLayer, Place
from llm_gallery.figure.plan.plan import Plan

GAP = 16.0
"""Px between blocks above one another."""
PAD = 8.0
"""Px from blocks side by side to the dashed border round them."""
APART = 10.0
LINE = 20.0
"""Px between blocks side by side, and of a line in a list of blocks."""
MOST_BESIDE = 2
"""Blocks that stand side by side; more are listed."""
JOINED = 46.0
"""Px above columns, for their sum, and under them, for where their input parts."""
SMALL = (12.5, 12.0, 11.5, 11.0, 10.5)
"""Px of the type of norms and lists, the first that fits."""


@dataclass(frozen=True, slots=True)
class Framed:
    """One model's layer: what is drawn, what became of its blocks, and what the frame is called."""

    plan: Plan
    layers: OneLayer | None
    kinds: Mapping[int, Kind]  # by the identity of choices, and of places that don't mix
    title: str
    name: str
    new: bool = True
    counted: Callable[[Choice], str] | None = None  # how many layers have a block, in words


@dataclass(slots=True)
class Frame:
    """A frame that is being drawn, upward from 0."""

    model: Framed
    wide: float
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    source: Point | None = None
    left_edge: float | None = None
    right_edge: float | None = None

    @property
    def line(self) -> float:
        """Where the stream runs."""
        stream = self.model.plan.stream
        return 33.0 if stream.lines > 1 or stream.saved_every or self.scaled else 24.0

    @property
    def scaled(self) -> bool:
        """Whether something stands on the stream beside its branches."""
        stream = self.model.plan.stream
        return bool(stream.kept) or stream.kind == "learned scales"

    @property
    def left(self) -> float:
        """The left edge of the blocks."""
        own = self.line + (38.0 if self.scaled else 30.0)
        return own if self.left_edge is None else self.left_edge

    @property
    def right(self) -> float:
        """Their right edge."""
        return self.wide - 14 if self.right_edge is None else self.right_edge

    @property
    def middle(self) -> float:
        """Between both."""
        return (self.left + self.right) / 2

    def kind(self, what: Choice | Place) -> Kind:
        """What became of a block."""
        return self.model.kinds.get(id(what), "kept")

    def seal(self, x: float, y: float, what: Choice | Place) -> None:
        """The sign of what became of a block; that it changed is told in the newer model."""
        kind = self.kind(what)
        if self.model.new or kind != "changed":
            seal(self.sheet, x, y, kind)

    def column(self, left: float, wide: float) -> Frame:
        """The frame as one of its columns sees it."""
        return replace(self, left_edge=left, right_edge=left + wide)


def stacked(frame: Frame, steps: Sequence[Step], more: float) -> float:
    """Px of steps above one another, each with the gap behind it."""
    return sum(high(frame, step, more) + GAP + more for step in steps)


def high(frame: Frame, step: Step | None, more: float) -> float:
    """Px that a step takes."""
    if step is None:
        return 0.0
    if isinstance(step, Columns):
        tall = max(stacked(inner, column, more) for inner, column in columns(frame, step))
        return tall - GAP - more + JOINED
    if not step.mixes:
        return NORM
    if len(step.choices) == 1:
        return HERO
    return HERO + 2 * PAD if side_by_side(frame, step) else len(step.choices) * LINE + 14


def columns(frame: Frame, step: Columns) -> list[tuple[Frame, tuple[Place, ...]]]:
    """Each column as a frame of its own."""
    count = len(step.columns)
    each = (frame.right - frame.left - APART * (count - 1)) / count
    lefts = (frame.left + index * (each + APART) for index in range(count))
    return [(frame.column(x, each), column) for x, column in zip(lefts, step.columns, strict=True)]


def side_by_side(frame: Frame, place: Place) -> bool:
    """Whether few blocks have room for their names beside each other."""
    count = len(place.choices)
    each = (frame.right - frame.left - APART * (count - 1)) / count
    return count <= MOST_BESIDE and all(
        width(choice.name, 12, 600) <= each - 12 for choice in place.choices
    )
