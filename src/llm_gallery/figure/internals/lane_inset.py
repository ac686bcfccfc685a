"""Draws a mechanism that states its drawing as data: lanes, rows on them, where they end, and what that passes."""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import MARGIN, WIDE, Board
from llm_gallery.figure.internals._foot import Frame, draw_foot, width_of
from llm_gallery.figure.internals._items import draw_items
from llm_gallery.figure.internals._lanes import Trunk, lanes, to_scale
from llm_gallery.figure.internals._latents import draw_latents
from llm_gallery.figure.internals._masks import EXTENT, LIMITED, View, mask_panel
from llm_gallery.figure.internals._state import PANEL, States, kept_panel
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import Lane, LaneDrawing, State
from llm_gallery.mechanisms.wording import words_for


def inset(drawing: LaneDrawing, use: Use, colour: Colour | None = None) -> Inset:
    """The drawing from the input up; where there is room, a panel shows how much is kept or seen."""
    block, sheet = use.block, Board(use=use, colour=colour or colour_of(use.block))
    states = drawing.core if isinstance(drawing.core, State) and not drawing.core.kept else None
    panel = 0.0
    if use.width >= WIDE:
        panel = PANEL if states else EXTENT + 3 * MARGIN if drawing.sees else 0.0
    high = draw_lanes(sheet, drawing, MARGIN, use.width - max(MARGIN, panel))
    named = drawing.symbols
    sheet.symbols = (
        named(use.variants)
        if callable(named)
        else tuple(words_for(words, block) for words in named)
    )
    if panel and states:
        also = words_for(states.beside_each, block)
        high = kept_panel(sheet, high, States.of(block, states), also)
    elif panel:
        view = View(LIMITED, words_for(drawing.sees, block), block, use.layers)
        high = mask_panel(sheet, high, (view,))
    counted = (stored(variant) for variant, _ in use.variants)
    size = either(counted, short) if drawing.parameters else ""
    name = words_for(drawing.title, block) or title(block)
    return sheet.inset(name, high, words_for(drawing.note, block), size)


def draw_lanes(sheet: Board, drawing: LaneDrawing, left: float, right: float) -> float:
    """The drawing between two edges, with the arrow out of it; gives back its height."""
    return risen(sheet, drawing, left, right).leave()


def risen(sheet: Board, drawing: LaneDrawing, left: float, right: float) -> Trunk:
    """The drawing between two edges up to its last block; gives back the stream that leaves it."""
    streams = lanes(sheet, lanes_of(drawing, sheet.use.block), drawing.broadest, left, right)
    if not (sheet.use.full or drawing.latents):
        widths = {lane.name: _root_of(lane, sheet.use) for lane in drawing.lanes}
        streams = to_scale(streams, widths, left, right, drawing.broadest)
    frame = Frame(streams, drawing)
    (draw_latents if drawing.latents else draw_foot)(frame)
    return draw_items(frame)


def _root_of(lane: Lane, use: Use) -> int:
    """What the matrix of a lane gives, the most of the variants; none where it has no matrix."""
    if lane.where is not None and not lane.where(use.block):
        return 0
    return max(width_of(lane, block) for block, _ in use.variants)


def lanes_of(drawing: LaneDrawing, block: Block) -> list[str]:
    """The lanes that a block has, by name."""
    return [lane.name for lane in drawing.lanes if lane.where is None or lane.where(block)]
