"""Signs and lines: where others can join them."""

from __future__ import annotations

from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import STREAM_RING, operation, stream_line, stream_sum


def test_lines_meet_a_sum_at_its_ring() -> None:
    ring = stream_sum(20, 40)
    assert (ring.top, ring.bottom) == (Point(20, 40 - STREAM_RING), Point(20, 40 + STREAM_RING))
    assert ring.box.width > operation(20, 40, "+").box.width


def test_the_stream_is_told_from_what_flows_inside() -> None:
    line = stream_line(Point(0, 9), Point(0, 0), arrow=True)
    assert (line.kind, line.role, line.thickness, line.arrow) == ("stream", "stream", 3, True)
