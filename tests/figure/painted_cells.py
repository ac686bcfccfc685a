"""What is seen of each layer in the strip: whether layers that differ look different, and no mixer is left out."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.architecture.reach import reach
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.strip import strip
from llm_gallery.mechanisms import colour_of

WIDTHS = (340.0, 560.0, 830.0)
"""Px that the strip has on each page."""


class Piece(NamedTuple):
    """A rectangle of a layer's cell, from the cell's left edge and the strip's upper one."""

    fill: str | None
    stroke: str | None
    left: float
    right: float
    top: float
    bottom: float


def painted(root: Block, wide: float) -> list[list[Piece]]:
    """What is seen of each layer, in one order."""
    depth, sheet = len(schedule(root)), Sheet()
    place = strip.laid(depth, 0, wide, 0, token=52, channel=15)
    strip.draw(sheet, root, place)
    found: list[list[Piece]] = [[] for _ in range(depth)]
    for mark in sheet.shapes:
        assert isinstance(mark, Mark)
        for stretch in stretches(mark.path):
            across = [mark.x + x for x, _ in stretch.points]
            down = [mark.y + y for _, y in stretch.points]
            layer = int((min(across) + max(across)) / 2 / place.pitch)
            start = layer * place.pitch
            left, right = min(across) - start, max(across) - start
            found[layer].append(Piece(mark.fill, mark.stroke, left, right, min(down), max(down)))
    return found


def same(one: list[Piece], other: list[Piece]) -> bool:
    """Whether nobody could tell two layers apart: nothing differs by half a pixel."""
    return len(one) == len(other) and all(
        a[:2] == b[:2] and all(abs(x - y) < 0.5 for x, y in zip(a[2:], b[2:], strict=True))
        for a, b in zip(one, other, strict=True)
    )


def differs(layer: Block) -> tuple[object, ...]:
    """What must be seen of a layer: its mechanisms, and of each what it keeps, reads, chooses and borrows."""
    borrowing = ("shared_kv", "shared_index", "shared_stream", "hashed")
    return tuple(
        (
            colour_of(block),
            block.value("ratio"),
            "ratio" in block.facts or reach(block) is None,
            "selected" in block.facts,
            *(bool(block.value(name)) for name in borrowing),
        )
        for block in (*mixers(layer), *channel_mixers(layer))
    )


def look_alike(root: Block, wide: float) -> list[tuple[int, int]]:
    """Layers that differ and are painted the same, a pair of each two kinds."""
    layers, order = [kind.layer for kind in kinds(root)], schedule(root)
    seen = painted(root, wide)
    firsts = [order.index(kind) for kind in range(len(layers))]
    return [
        (a, b)
        for a in firsts
        for b in firsts
        if a < b
        and differs(layers[order[a]]) != differs(layers[order[b]])
        and same(seen[a], seen[b])
    ]


def _colour(piece: Piece) -> str:
    """The mechanism whose tone fills it, or is around what is hollow."""
    tone = piece.stroke if piece.fill == "paper" else piece.fill
    return (tone or "").partition(".")[0]


def left_out(root: Block, wide: float) -> list[int]:
    """The first layers of kinds that have fewer cells of a colour than mixers."""
    order, seen = schedule(root), painted(root, wide)
    found = []
    for kind, held in enumerate(kinds(root)):
        first = order.index(kind)
        blocks = (*mixers(held.layer), *channel_mixers(held.layer))
        wanted = Counter[str](colour_of(block) for block in blocks)
        tops = {(round(piece.top), _colour(piece)) for piece in seen[first]}
        if wanted - Counter(colour for _, colour in tops):
            found.append(first)
    return found
