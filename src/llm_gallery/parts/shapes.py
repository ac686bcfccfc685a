"""What enters and leaves a part, and what it makes between, by its mechanism or the lanes of its drawing."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import DRAWN, MECHANISMS
from llm_gallery.mechanisms.lane_drawing import LaneDrawing
from llm_gallery.mechanisms.shapes import Row, in_lanes, on_stream


def shapes(block: Block, width: int) -> tuple[Row, ...]:
    """From what enters to what leaves; `width` is that of the stream. None for what only holds parts."""
    stated = MECHANISMS[block.kind].shapes
    if stated is not None:
        return stated(block, width)
    if not block.mixes:
        return ()
    drawing = DRAWN[block.kind].drawing
    return (in_lanes(drawing) if isinstance(drawing, LaneDrawing) else on_stream())(block, width)
