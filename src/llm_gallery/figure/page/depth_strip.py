"""The strip laid down between embedding and head, over the stream that joins them."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import stream_line
from llm_gallery.figure.strip import strip
from llm_gallery.plan.plan import Plan
from llm_gallery.plan.stream import Stream

UNDER = 8.0
"""Px from the cells to the stream."""
END = 6.0
"""Px of the embedding and of the head."""
TIP = 8.0
"""Px of the stream behind the head."""


def depth_strip(
    sheet: Sheet,
    root: Block,
    shown: Plan,
    wide: float,
    top: float,
    *,
    token: float,
    channel: float,
    joined: float = strip.SMALL,
) -> None:
    """Embedding, every layer, head, and the stream that joins them; bars have shapes from `joined` px on."""
    end = wide - TIP
    place = strip_place(shown.depth, wide, top, token=token, channel=channel)
    strip.draw(sheet, root, place, joined)
    line = place.bottom + UNDER
    _stream(sheet, shown.stream, END, end - END, end, line)
    for x in (0, end - END):
        high = line + 5 - top
        sheet.put(Box(x, top, END, high, radius=2, fill="embedding.solid", open=True))


def strip_place(
    depth: int, wide: float, top: float, *, token: float, channel: float
) -> strip.Strip:
    """Where the layers of such a strip stand."""
    return strip.laid(depth, END + 4, wide - TIP - END - 4, top, token=token, channel=channel)


def _stream(
    sheet: Sheet, stream: Stream, start: float, head: float, end: float, line: float
) -> None:
    """As many lines as it has, on one of which the next token leaves the head."""
    across = (
        streams.line_places(stream, line, 2.5)
        if streams.line_count(stream) <= 4
        else streams.line_places(stream, line, 1.25)
    )
    thick = 2.5 if len(across) == 1 else 1.0 if len(across) <= 4 else 0.5
    for y in across:
        sheet.put(stream_line(Point(start, y), Point(head, y), thickness=thick))
    ends = Point(end, line), Point(end + TIP, line)
    sheet.put(stream_line(*ends, thickness=2.0, arrow=True))
