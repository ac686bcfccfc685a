"""Where a frame of one layer puts things: its stream, and the edges of what branches off."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.kit.stream import Stream


@dataclass(slots=True)
class Frame:
    """A frame that is being drawn, upward from 0."""

    width: float
    stream: Stream
    model_width: int | None
    layers: int
    more: float = 0.0  # px in every gap
    opened: bool = False  # whether a plain MLP shows its inside
    full: bool = False
    sheet: Sheet = field(default_factory=Sheet)
    stops: list[tuple[float, float]] = field(default_factory=list)
    source: Point | None = None
    inside: list[tuple[Point, Picture]] = field(default_factory=list)
    """What stands open in it."""

    @property
    def line(self) -> float:
        """Where the stream runs."""
        return 26.0 if self.stream.lines == 1 else 33.0

    @property
    def left(self) -> float:
        """The left edge of the blocks."""
        return self.line + (28.0 if self.stream.lines == 1 else 34.0)

    @property
    def right(self) -> float:
        """Their right edge."""
        return self.width - 16


@dataclass(slots=True)
class ColumnPlace(Frame):
    """A part of the frame's width."""

    left_edge: float = 0.0
    right_edge: float = 0.0

    @property
    def left(self) -> float:
        """The left edge of the column."""
        return self.left_edge

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.right_edge


def part_of(frame: Frame, left: float, wide: float) -> ColumnPlace:
    """The frame as one column sees it: the same sheet, less room."""
    return ColumnPlace(
        frame.width,
        frame.stream,
        frame.model_width,
        frame.layers,
        frame.more,
        False,
        frame.full,
        frame.sheet,
        frame.stops,
        frame.source,
        frame.inside,
        left_edge=left,
        right_edge=left + wide,
    )
