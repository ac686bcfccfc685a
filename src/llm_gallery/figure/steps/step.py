"""A panel of the walk: its number and title, a picture over the stream, and a sentence under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import LEADING, lines, prose
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import STREAM_RING, circle, stream_line
from llm_gallery.figure.kit.text import fitting

WIDE = 236.0
"""Px across."""
MARGIN = 14.0
ROOM = WIDE - 2 * MARGIN
TOP = 56.0
"""Px over the picture: number and title."""
OVER = 26.0
"""Px from the picture down to the stream."""
SIZE = 13.0
RING = 7.5
"""Px of the radius of the open ring that is the token."""

Draw = Callable[[Sheet, float], float]
"""Draws from the height y down, `ROOM` wide from `MARGIN` on; gives back where it ends."""
OnStream = Callable[[Sheet, float, float], None]
"""Draws what stands on the stream: from the picture's lower edge down to the stream's height."""


def nothing(sheet: Sheet, low: float, line: float) -> None:
    """The stream runs through, the token on it in the middle."""
    run(sheet, line, 0.0, WIDE, WIDE / 2)


@dataclass(frozen=True)
class Step:
    """One panel."""

    title: str
    draw: Draw
    words: str
    on_stream: OnStream = nothing
    rests: bool = False  # whether the picture stands on the stream; else a little over the middle
    part: str = ""  # the path of what it is about; of a layer that of the first like it

    @cached_property
    def height(self) -> float:
        """Px of its picture."""
        return self.draw(Sheet(), 0.0)

    @property
    def lines(self) -> int:
        """Lines of its sentence."""
        return len(lines(self.words, ROOM, SIZE))


@dataclass(frozen=True, slots=True)
class Measures:
    """What all panels of a walk have in common: the stream runs through them at one height."""

    line: float
    high: float


def measured(panels: tuple[Step, ...]) -> Measures:
    """As high as the highest picture and the longest sentence need."""
    line = TOP + max(panel.height for panel in panels) + OVER
    return Measures(line, line + 38 + max(p.lines for p in panels) * LEADING * SIZE)


def run(
    sheet: Sheet, line: float, start: float, end: float, token: float, sums: Sequence[float] = ()
) -> None:
    """The stream at its height, the token on it, and sums that part it."""
    stops = [(token, RING), *((x, STREAM_RING) for x in sums)]
    for x, radius in sorted(stops):
        if x - radius > start:
            sheet.put(stream_line(Point(start, line), Point(x - radius, line)))
        start = x + radius
    if start < end:
        sheet.put(stream_line(Point(start, line), Point(end, line)))
    sheet.put(circle(token, line, RING, "paper", "stream", 3.0))


def put(sheet: Sheet, step: Step, number: int, place: Measures) -> None:
    """Draws the panel with its upper left corner at (0, 0)."""
    frame = Box(0, 0, WIDE, place.high, radius=10, fill="paper", edge="frame", open=True)
    sheet.put(replace(frame, ground=True), circle(MARGIN + 11, 29, 11, "ink", None))
    sheet.label(MARGIN + 11, 33.6, f"{number}", size=13, weight=600, role="paper", anchor="middle")
    left = MARGIN + 30
    size = fitting(step.title, WIDE - left - 10, (14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.0), 600)
    sheet.label(left, 33.8, step.title, size=size, weight=600, role="ink")
    spare = place.line - OVER - TOP - step.height
    low = step.draw(sheet, TOP + (spare if step.rests else 0.4 * spare))
    step.on_stream(sheet, low, place.line)
    prose(sheet, MARGIN, place.line + 34, ROOM, step.words, SIZE)
