"""Streams that rise side by side: where the next block of one stands."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._lanes import GAP, lanes
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import MATRIX, PILL, matrix, pill


def test_a_block_stands_a_gap_over_the_highest_of_its_streams() -> None:
    use = Use(path="", variants=((Block("attention"), 1),), width=300, where="", full=False)
    streams = lanes(Board(use=use, colour="full"), ("q", "k"), 96)
    low = streams.rise("q", matrix(streams.at["q"], -100, "q", "", "full"))
    streams.rise("k", matrix(streams.at["k"], -80, "k", "", "full"))
    node = pill(streams.middle("q", "k"), streams.above("q", "k"), "norm")
    assert node.bottom.y == low.top.y - GAP
    assert node.box.height == PILL
    assert streams.above("k", high=MATRIX) == -80 - MATRIX / 2 - GAP - MATRIX / 2
