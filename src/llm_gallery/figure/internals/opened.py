"""An MLP small enough to stand open inside the frame of a layer, in the place of its block."""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import FOOT, Board
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.lane_inset import risen
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.spreading import tightened
from llm_gallery.figure.kit.text import titled
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.mlp import DRAWING
from llm_gallery.plan.naming import Naming, heading

HEAD, LOW = 32.0, 2.0
"""Px of the title over the last block, and from the lower edge to where the input forks."""
TIGHT = 40.0
"""Px of rows at most in which only thin lines are: where all is said, the room is that of broad ones."""
NARROWEST = 240.0
"""Px under which its two matrices have no room for their shapes."""


def opened_mlp(
    path: str, block: Block, wide: float, *, full: bool = False, naming: Naming = "both"
) -> Picture:
    """A plain MLP on its ground, so wide (at least `NARROWEST`); about 290 x 200 px where it is gated.

    The input enters in the middle of the lower edge and the output leaves in the middle of the upper
    one: both lines end at the edges, without a tip. Raises ValueError for what is no MLP.
    """
    if not block.is_mlp or wide < NARROWEST:
        raise ValueError(f"{block.kind} of {wide:g} px, expected an MLP of at least {NARROWEST:g}")
    use = Use(paths=(path,), variants=((block, 1),), width=wide, where="", full=full)
    colour = colour_of(block)
    sheet = Board(use=use, colour=colour)
    tip = risen(sheet, DRAWING, 12, wide - 12).tip
    high = HEAD + LOW + FOOT - tip.y
    sheet.wire(tip, Point(tip.x, tip.y - HEAD), arrow=False)
    sheet.wire(Point(tip.x, LOW + FOOT), Point(tip.x, FOOT), arrow=False)
    ground, edge = f"{colour}.tint", f"{colour}.edge"
    under = Board(use=use, colour=colour)
    under.put(Box(0, 0, wide, high, radius=8, fill=ground, edge=edge, open=True, ground=True))
    under.put(square(14, 13, f"{colour}.solid"))
    count = short(stored(block))
    room = min(wide - 28 - extent(count, 12), tip.x) - 38
    named, _ = titled(*heading(title(block), (block,), naming), room, (13.0,))
    said = under.label(30, 21.5, named, size=13, weight=600, role=f"{colour}.text")
    if wide - 14 - extent(count, 12) > max(said.bounds.right, tip.x) + 8:
        under.label(wide - 14, 21.5, count, size=12, anchor="end")
    under.place(sheet, 0, HEAD - tip.y)
    return tightened(under.picture(wide, high), TIGHT)
