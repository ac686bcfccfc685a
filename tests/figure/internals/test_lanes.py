"""Streams that rise side by side: where the next block of one stands."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import PLAIN, WIDE_WIRES, Board
from llm_gallery.figure.internals._lanes import lanes
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import MATRIX, PILL, matrix, pill


@pytest.mark.parametrize("full", [False, True])
def test_a_block_stands_a_gap_over_the_highest_of_its_streams(full: bool) -> None:
    use = Use(paths=("",), variants=((Block("attention"), 1),), width=300, where="", full=full)
    gap = (WIDE_WIRES if full else PLAIN).gap
    streams = lanes(Board(use=use, colour="full"), ("q", "k"), 96)
    low = streams.rise("q", matrix(streams.at["q"], -100, "q", "", "full"))
    streams.rise("k", matrix(streams.at["k"], -80, "k", "", "full"))
    node = pill(streams.middle("q", "k"), streams.above("q", "k"), "norm")
    assert node.bottom.y == low.top.y - gap
    assert node.box.height == PILL
    assert streams.above("k", high=MATRIX) == -80 - MATRIX / 2 - gap - MATRIX / 2
