"""Which tokens attention sees, as pictures: a row a token, a square lit for each token that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.signs import squares
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.block_names import layers

TOKENS, SIDE, GAP = 12, 5.0, 1.0
PITCH = SIDE + GAP
EXTENT = TOKENS * PITCH - GAP
"""Px of a picture's edge."""
HEIGHT = EXTENT + 64
"""Px with the title above and two lines below."""
BAND, CHUNK = 3, 4
"""Tokens of a window and of a chunk in the picture; the real number stands below it."""

LIMITED = "Window"
"""The title of a picture of which only the last tokens are read: in short, as it is narrow."""


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking back, the blocks that have it and their number of layers."""

    title: str
    reach: str
    block: Block
    layers: int


def views(use: Use) -> tuple[View, ...]:
    """The different masks of the variants: near before far, as the layers mostly come."""
    merged: dict[tuple[str, str], View] = {}
    for block, count in use.variants:
        words = _words(block)
        same = merged.get(words)
        merged[words] = View(*words, block, count + (same.layers if same else 0))
    return tuple(sorted(merged.values(), key=lambda view: view.title == "Global"))


def _words(block: Block) -> tuple[str, str]:
    if "chunk" in block.facts:
        return "Chunked", f"within {block.number('chunk'):,}"
    if "window" in block.facts:
        return LIMITED, f"last {block.number('window'):,}"
    return "Global", "all before"


def mask_panel(sheet: Board, high: float, seen: Sequence[View]) -> float:
    """Ways of looking back at the right, from the top down; gives back the height that all need."""
    high = sheet.raised(high, len(seen) * HEIGHT + 16)
    x = sheet.use.width - EXTENT - MARGIN
    sheet.side(x - 20, high)
    step = min(HEIGHT + 20, (high - 16) / len(seen))
    for i, view in enumerate(seen):
        where = layers(view.layers) if len(seen) > 1 else ""
        _mask(sheet, x, 14 - high + i * step, view, where)
    return high


def _mask(sheet: Sheet, x: float, top: float, view: View, layers: str) -> None:
    """The picture with its title above, and below what it stands for."""
    colour = colour_of(view.block)
    sheet.label(x, top + 9, view.title, size=12, weight=600, role=f"{colour}.text")
    grid = top + 20
    mask(sheet, x, grid, view.block)
    sheet.label(x, grid + EXTENT + 15, view.reach)
    if layers:
        sheet.label(x, grid + EXTENT + 29, layers, size=SMALL)


def mask(sheet: Sheet, x: float, y: float, block: Block, side: float = SIDE) -> float:
    """A row a token, a square lit for each that it reads, from an upper left corner; gives back px of an edge."""
    colour, pitch = colour_of(block), side + GAP
    edge = TOKENS * pitch - GAP
    whole, seen = [], []
    for token in range(TOKENS):
        first, row = _first(_words(block)[0], token), token * pitch
        whole.append((0.0, row, edge))
        seen.append((first * pitch, row, (token + 1 - first) * pitch - GAP))
    sheet.put(
        squares(x, y, whole, "matrix", side=side, gap=GAP),
        squares(x, y, seen, f"{colour}.solid", side=side, gap=GAP),
    )
    return edge


def _first(title: str, token: int) -> int:
    """The oldest token that a token still sees, in the picture's scale."""
    return {"Global": 0, LIMITED: max(0, token + 1 - BAND), "Chunked": token - token % CHUNK}[title]
