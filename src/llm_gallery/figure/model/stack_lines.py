"""What runs along the stack of a tower: the stream's lines, the sums that it keeps, what layers give to later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Mark, Point
from llm_gallery.figure.kit.signs import dot, stream_line
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.model.outer_blocks import Passed
from llm_gallery.figure.model.plan import Plan
from llm_gallery.figure.model.schedule_strip import Strip
from llm_gallery.figure.model.stack_input import STREAM
from llm_gallery.mechanisms import colour_of

FLOWS = {
    "keys and values": "keys, values of an earlier layer",
    "chosen tokens": "tokens chosen by an earlier layer",
}
"""What is drawn beside the strip, and how it is called there."""
PITCH = 4.0
"""Px from what runs beside the strip to its neighbour."""
MOST_LANES, MOST_SUMS = 3, 12


@dataclass(frozen=True, slots=True)
class Lines:
    """The stream along the stack: where its lines stand, and how far left anything of it reaches."""

    across: tuple[float, ...]
    left: float


def stream(sheet: Sheet, shown: Plan, place: Strip, start: float, end: float) -> Lines:
    """The stream from what enters the stack up to what follows it."""
    drawn = shown.stream
    if drawn.saved_every:
        return _running_sum(sheet, shown, place, start, end)
    across = drawn.across(STREAM)
    if drawn.lines == 1:
        streams.line(sheet, STREAM, start, end)
        return Lines(across, STREAM - 1.5)
    node = streams.bar(sheet, across, place.top - 36, "", About("", "streams become one"))
    streams.run(sheet, across, drawn.thickness, start, node.bottom.y)
    streams.line(sheet, STREAM, node.top.y, end)
    return Lines(across, across[0] - 1)


def _running_sum(sheet: Sheet, shown: Plan, place: Strip, start: float, end: float) -> Lines:
    """The running sum, and a thin line for each sum that it leaves behind; the last branch reads them all."""
    every = shown.stream.saved_every or 1
    gap = (place.pitch - place.gap) / 2
    marks = [place.extent(layer, layer)[1] for layer in range(every, shown.depth, every)]
    step = max(1, -(-len(marks) // MOST_SUMS))
    marks = marks[::step]
    count = len(marks) + 1
    lanes = [STREAM - 9 - 3 * (count - 1 - i) for i in range(count)]
    read = streams.bar(sheet, (*lanes, STREAM), place.top - 24, "", About("", "all sums are read"))
    at = start
    for x, y in zip(lanes, [start - 6, *marks], strict=True):
        sheet.put(dot(STREAM, y, "stream", 3.25))
        points = (Point(STREAM, y), Point(x, y), Point(x, read.bottom.y))
        sheet.put(stream_line(*points, thickness=1))
        streams.line(sheet, STREAM, at, y)
        at = y - min(3.0, max(1.0, gap))
    streams.line(sheet, STREAM, at, read.bottom.y)
    streams.line(sheet, STREAM, read.top.y, end)
    return Lines((STREAM,), lanes[0] - 1)


def links(sheet: Sheet, passed: Sequence[Passed], place: Strip, left: float) -> float:
    """What layers read of earlier ones, as combs right of the strip; gives back where they end."""
    ends: list[int] = []
    for link in sorted(passed, key=lambda link: link.source):
        lane = next((i for i, end in enumerate(ends) if end < link.source), len(ends))
        if lane < MOST_LANES:
            ends[lane : lane + 1] = [link.targets[-1]]
            sheet.put(*_comb(link, place, left + PITCH * lane - 1))
    return left + PITCH * len(ends)


def _comb(link: Passed, place: Strip, x: float) -> tuple[Mark, Mark]:
    """From the middle of the source up, with a tooth to each layer that reads it."""
    low = place.middle(link.source)
    teeth = [place.middle(layer) for layer in link.targets]
    role = f"{colour_of(link.block)}.line"
    path, at = "", low
    for y in teeth:
        path += f"v{number(y - at)}h-2.5h2.5"
        at = y
    names = ", ".join(f"{layer + 1:,}" for layer in link.targets)
    answer = About("", f"{link.flow} of layer {link.source + 1:,}, read by {names}")
    comb = Mark(x, low, path, stroke=role, thickness=1.25, about=answer)
    return comb, dot(x, low, role, 2.0)


def legend(sheet: Sheet, passed: Sequence[Passed], left: float, y: float, right: float) -> None:
    """What the combs mean, under the pattern."""
    for flow in dict.fromkeys(link.flow for link in passed):
        block = next(link.block for link in passed if link.flow == flow)
        role = f"{colour_of(block)}.line"
        sheet.put(
            Mark(left + 2, y + 16, "v-11h2.5", width=4, stroke=role, thickness=1.25),
            dot(left + 2, y + 16, role, 2.0),
        )
        words = wrap(FLOWS[flow], right - left - 14, 11, lines=3)
        y = sheet.lines(left + 14, y + 13, words, 14, size=11) - 9
