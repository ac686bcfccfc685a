"""The order of painting: one for all themes, also where two roles print alike."""

from __future__ import annotations

from llm_gallery.figure.kit.painting import layers
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.style import Styles
from llm_gallery.figure.kit.theme import THEMES


def test_a_line_stays_over_a_frame_whose_colour_prints_like_an_earlier_line() -> None:
    assert THEMES["print"].colour("flow") == THEMES["print"].colour("stream")
    ends = (Point(0, 5), Point(50, 5))
    flow, stream = (Line(points=ends, role=role, thickness=2) for role in ("flow", "stream"))
    frame = Box(x=10, y=0, width=20, height=10, fill="lens", open=True)
    order = [layer.shapes for layer in layers((flow, frame, stream), Styles())]
    assert order == [[flow], [frame], [stream]]
