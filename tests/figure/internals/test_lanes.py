"""Streams that rise side by side: where the next block of one stands."""

from __future__ import annotations

from llm_gallery.figure.internals._lanes import GAP, lanes
from llm_gallery.figure.kit.blocks import MATRIX, PILL, Sheet, matrix, pill


def test_a_block_stands_a_gap_over_the_highest_of_its_streams() -> None:
    streams = lanes(Sheet(), ("q", "k"), 0, 300, 96)
    low = streams.rise("q", matrix(streams.at["q"], -100, "q", "", "full"))
    streams.rise("k", matrix(streams.at["k"], -80, "k", "", "full"))
    node = pill(streams.middle("q", "k"), streams.above("q", "k"), "norm")
    assert node.bottom.y == low.top.y - GAP
    assert node.box.height == PILL
    assert streams.above("k", high=MATRIX) == -80 - MATRIX / 2 - GAP - MATRIX / 2
