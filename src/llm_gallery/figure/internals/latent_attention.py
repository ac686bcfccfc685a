"""Multi-head latent attention as a drawing: its lanes are data; beside them what the latent saves.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._board import MARGIN, WIDE, Board
from llm_gallery.figure.internals._masks import views
from llm_gallery.figure.internals._savings import PANEL, savings, scale
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.lane_inset import draw_lanes
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attention_sizes import rotated
from llm_gallery.mechanisms.latent_attention import DRAWING, drawn_title, gated, key_heads, symbols
from llm_gallery.mechanisms.written import NO_POSITIONS
from llm_gallery.plan.block_names import layers


def inset(use: Use) -> Inset:
    """The latent, what is rebuilt from it, and what that saves where there is room to say it."""
    panel = PANEL if use.width >= WIDE else 0
    sheet, block = Board(use=use, colour=colour_of(use.block)), use.block
    if use.full:
        sheet.drums = scale(block)
    high = draw_lanes(sheet, DRAWING, MARGIN, use.width - (panel or MARGIN))
    if panel:
        high = _saved(sheet, high)
    high += indexer.below(sheet)
    sheet.symbols = (*symbols(use.variants, listed=use.listed), *indexer.symbols(use))
    positions = "" if rotated(block) else NO_POSITIONS
    return sheet.inset(drawn_title(block), high, gated(block), *_near(use), positions)


def _near(use: Use) -> tuple[str, ...]:
    """How far layers with a window see, in words."""
    if not use.count(reach):
        return ()
    every = views(use)
    return tuple(
        f"{view.reach} in {layers(view.layers)}" if len(every) > 1 else view.reach
        for view in every
        if view.title != "Global"
    )


def _saved(sheet: Board, high: float) -> float:
    """What is kept for a token, beside what as many heads of keys and values would keep."""
    block = sheet.use.block
    rank, turned = block.number("kv_rank"), block.number("rope_dim")
    key, value = block.number("nope_dim") + turned, block.number("value_dim")
    heads = key_heads(block)
    return savings(
        sheet,
        high,
        kept=(rank + turned, f"{rank:,}{f' + {turned:,}' if turned else ''} numbers"),
        whole=heads * (key + value),
        otherwise=(f"with {heads:,} heads of keys", f"({key:,}) and values ({value:,})"),
    )
