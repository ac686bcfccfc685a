"""Softmax attention as a drawing: its lanes are data; beside them what layers see, or what sharing saves."""

from __future__ import annotations

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals import block_choice, indexer, lane_inset
from llm_gallery.figure.internals._board import MARGIN, WIDE, Board
from llm_gallery.figure.internals._masks import EXTENT, mask_panel, views
from llm_gallery.figure.internals._savings import PANEL as SAVINGS
from llm_gallery.figure.internals._savings import savings, scale
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.lane_inset import draw_lanes, lanes_of
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms.attention import FEWER_KEYS, SHARED
from llm_gallery.mechanisms.attention_lanes import LANES
from llm_gallery.mechanisms.attention_sizes import symbols, value_dim
from llm_gallery.mechanisms.attention_told import sharing
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.written import NO_POSITIONS

MASKS = EXTENT + 48
"""Px of the side panel with the masks, its hairline included."""
NARROWEST = 66
"""Px from one stream to the next, below which no panel stands beside them."""
POSITIONS = {
    "relative": "bias by distance",
    "alibi": "bias by distance",
    "none": NO_POSITIONS,
    "learned": "positions from the embedding",
    "sinusoidal": "positions from the embedding",
}


def inset(use: Use) -> Inset:
    """The drawing; where blocks differ, each part says in how many layers it is."""
    block = use.block
    if "shared_kv" in block.facts:
        return lane_inset.inset(SHARED, use, colour(use))
    panel = _panel(use, len(lanes_of(LANES, block)))
    sheet = Board(use=use, colour=colour(use))
    if use.full:
        sheet.drums = scale(block)
    high = draw_lanes(sheet, LANES, MARGIN, use.width - max(MARGIN, panel))
    if panel == MASKS:
        high = mask_panel(sheet, high, views(use))
    elif panel:
        high = _saved(sheet, high)
    high += indexer.below(sheet) + block_choice.below(sheet)
    sheet.symbols = (
        *symbols(use.variants, listed=use.listed),
        *indexer.symbols(use),
        *block_choice.symbols(use),
    )
    positions = {str(variant.value("position")) for variant, _ in use.variants}
    position = positions.pop() if len(positions) == 1 else ""
    notes = (
        FEWER_KEYS[sharing(block)],
        POSITIONS.get(position, ""),
        "every token sees all others" if "bidirectional" in block.facts else "",
        "the given text is read both ways" if "given_both_ways" in block.facts else "",
        _gate(block),
        # In words where there is no room for pictures of it: one phrase, or a part of it would be said of all layers.
        " or ".join(view.reach for view in views(use)) if use.count(reach) and not panel else "",
    )
    return sheet.inset(_title(use), high, *notes)


def colour(use: Use) -> Colour:
    """That of what limits the view, where all layers have such a limit."""
    return mechanisms.colour_of(use.block) if use.count(reach) == use.layers else "full"


def _gate(block: Block) -> str:
    """How finely the gate scales the output, where that isn't channel by channel."""
    gate = block.part("gate") if "gate" in block.facts else None
    each_head = gate is not None and gate.number("outputs") == block.number("heads")
    return "a gate a head" if each_head else ""


def _panel(use: Use, streams: int) -> float:
    """Px for masks where a layer doesn't see everything, or for what sharing saves where it is wide; else none."""
    room = use.width - MARGIN - MASKS
    if use.count(reach):
        if use.pictured and not use.full:  # rows of tokens beside it show the same
            return 0.0
        return MASKS if room / streams >= NARROWEST else 0.0
    if use.width < WIDE or "bidirectional" in use.block.facts:
        return 0.0
    shares = use.block.number("kv_heads") < use.block.number("heads")
    return SAVINGS if shares else 0.0


def _title(use: Use) -> str:
    """The blocks' own name where it is the same for all."""
    names = {mechanisms.title(block) for block, _ in use.variants}
    if len(names) == 1:
        return names.pop()
    return "Gated attention" if "gate" in use.block.facts else "Attention"


def _saved(sheet: Board, high: float) -> float:
    """What shared keys and values save, at the right; gives back the height that is needed."""
    block = sheet.use.block
    total, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    values = value_dim(block)
    each = f"{size:,}, twice" if size == values else f"({size:,} + {values:,})"
    heads = f"{size:,} each" if size == values else f"{size:,} and {values:,}"
    return savings(
        sheet,
        high,
        kept=(kept * (size + values), f"{kept:,} × {each}"),
        whole=total * (size + values),
        otherwise=(f"with {total:,} heads of keys", f"and values, {heads}"),
    )
