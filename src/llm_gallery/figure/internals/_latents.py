"""The lower half of latent attention's drawing: what is compressed, what is cached, what is rebuilt of it."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import (
    FIRST,
    GAP,
    MARGIN,
    Lanes,
    arrow,
    fitting,
    product,
    slanted,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.lane_inset import lanes_of
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Span, italic
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.attention_lanes import LANES

BROADEST = 220
BESIDE = ("sinks", "λ", "gate")
"""Lanes of attention that stand right of the latents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The middles of three groups (queries, the shared key, keys and values) and their breadths."""

    queries: float
    shared: float
    values: float
    broad: float
    slim: float
    right: float
    beside: Lanes

    def streams(self, middle: float) -> tuple[float, float]:
        """Where a group's two streams rise; both keep room at their right for a name."""
        return middle - self.broad * 0.31, middle + self.broad * 0.22


def plan(sheet: Sheet, use: Use, right: float) -> Plan:
    gap, extra = 6.0, 64.0
    names = [name for name in lanes_of(LANES, use.block) if name in BESIDE]
    edge, right = right, right - len(names) * (extra + gap)
    room = right - MARGIN
    at = {name: right + (extra + gap) * (i + 0.5) + gap / 2 for i, name in enumerate(names)}
    slim = min(124.0, max(86.0, room * 0.2))
    broad = min(BROADEST, (room - slim - 2 * gap) / 2)
    middle = MARGIN + room / 2
    away = slim / 2 + gap + broad / 2
    return Plan(
        queries=middle - away,
        shared=middle,
        values=middle + away,
        broad=broad,
        slim=slim,
        right=right + (gap if edge > right else MARGIN),
        beside=Lanes(sheet, at, extra),
    )


def kv_heads(block: Block) -> int:
    """Heads of keys and values: as many as query heads, or fewer that groups of them share."""
    return block.number("kv_heads" if "kv_heads" in block.facts else "heads")


def width(block: Block) -> int:
    """The width of the stream, from the first matrix that reads it."""
    return next(child.number("inputs") for child in block.inside if "inputs" in child.facts)


def queries(sheet: Sheet, use: Use, at: Plan, up: float) -> tuple[Node, Point]:
    """Queries of all heads, through a latent of their own where they are compressed."""
    block = use.block
    each = block.number("nope_dim") + block.number("rope_dim")
    heads = block.number("heads")
    if "query_rank" not in block.facts:
        stored = block.part("query")
        forms = [[arrow(width(block), product(heads, each))], [arrow("", product(heads, each))]]
        node = matrix(
            at.queries,
            FIRST,
            italic("q"),
            fitting([italic("q")], forms, at.broad)[0],
            "latent",
            wide=at.broad,
            about=use.about(stored),
        )
        sheet.add(node)
        return node, node.top
    rank = block.number("query_rank")
    return down_and_up(
        sheet,
        use,
        (at.queries, up, at.broad),
        ((width(block), rank), (rank, product(heads, each))),
        ("query_down", "query_latent_norm", "query"),
    )


def shared_key(sheet: Sheet, use: Use, at: Plan) -> tuple[Node, Point]:
    """The one key that carries positions, which all heads share."""
    block = use.block
    node = slanted(
        at.shared,
        FIRST,
        width(block),
        block.number("rope_dim"),
        "latent",
        narrowing=True,
        wide=at.slim,
        about=use.about(block.part("rotated_key")),
    )
    sheet.add(node)
    return node, node.top


def keys_and_values(sheet: Sheet, use: Use, at: Plan, up: float) -> tuple[Node, Point]:
    """The latent that is cached, and keys and values of all heads out of it."""
    block = use.block
    rank, heads = block.number("kv_rank"), kv_heads(block)
    each = block.number("nope_dim") + block.number("value_dim")
    below, top = down_and_up(
        sheet,
        use,
        (at.values, up, at.broad),
        ((width(block), rank), (rank, product(heads, each))),
        ("latent_down", "latent_norm", "value"),
    )
    y = up + 11 + 17
    sheet.put(drum(at.values + 7, y - 5))
    count = Span(f"{rank:,}", 600)
    words = (count, " cached")
    fits = at.values + 21 + extent(words, 11) <= at.right - 2
    sheet.label(at.values + 21, y + 4, words if fits else count, size=11, role="ink")
    return below, top


def down_and_up(
    sheet: Sheet,
    use: Use,
    place: tuple[float, float, float],
    shapes: tuple[tuple[int, int], tuple[int, str]],
    roles: tuple[str, str, str],
) -> tuple[Node, Point]:
    """A projection to a latent, its norm, and the projection to all heads."""
    x, up, broad = place
    stored = [use.block.part(role) for role in roles]
    down = slanted(
        x,
        FIRST,
        *shapes[0],
        "latent",
        narrowing=True,
        wide=min(158.0, broad * 0.92),
        about=use.about(stored[0]),
    )
    scale = (shapes[0][0] / shapes[0][1]) ** 0.5 if use.block.value("scaled_latents") else 1.0
    times, wide = ("", 84.0) if scale == 1 else (f"× {scale:.4g}", min(broad, 116.0))
    y, about = down.top.y - GAP - 11, use.about(stored[1])
    norm = pill(x, y, "RMSNorm", note=times, wide=wide, about=about)
    all_heads = slanted(
        x,
        up,
        *shapes[1],
        "latent",
        narrowing=False,
        wide=broad,
        about=use.about(stored[2]),
    )
    for node in (down, norm, all_heads):
        sheet.add(node)
    sheet.wire(down.top, norm.bottom)
    sheet.wire(norm.top, all_heads.bottom)
    return down, all_heads.top
