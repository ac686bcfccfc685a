"""The lower half of latent attention's drawing: what is compressed, what is cached, what is rebuilt of it."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fit_shape, product, snug
from llm_gallery.figure.internals._lanes import NORM, Lanes, Trunk, roomy
from llm_gallery.figure.internals._savings import said
from llm_gallery.figure.internals.lane_inset import lanes_of
from llm_gallery.figure.kit.blocks import Node
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Content, Span, italic
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.attention_lanes import LANES, input_width
from llm_gallery.mechanisms.latent_attention import key_heads
from llm_gallery.mechanisms.written import times_root

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
        return middle - self.broad * 0.36, middle + self.broad * 0.17


def plan(sheet: Board, right: float) -> Plan:
    """The groups between the left edge and `right`."""
    names = [name for name in lanes_of(LANES, sheet.use.block) if name in BESIDE]
    tight = right - len(names) * 70 < 300
    gap, extra = 6.0, 54.0 if tight else 64.0
    edge, right = right, right - len(names) * (extra + gap)
    room = right - MARGIN
    at = {name: right + (extra + gap) * (i + 0.5) + gap / 2 for i, name in enumerate(names)}
    # GLM-5.3-Flash has no key of the second kind: nothing stands between the groups.
    slim = min(124.0, max(62.0 if tight else 86.0, room * 0.2)) * bool(
        sheet.use.block.number("rope_dim")
    )
    broad = min(roomy(BROADEST, room, sheet.use), (room - slim - 2 * gap) / 2)
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


def queries(sheet: Board, at: Plan, up: float) -> tuple[Node, Point]:
    """Queries of all heads, through a latent of their own where they are compressed."""
    block, x, wide = sheet.use.block, at.queries, at.broad
    each = block.number("nope_dim") + block.number("rope_dim")
    heads, inputs = product(block.number("heads"), each), input_width(block)
    if "query_rank" not in block.facts:
        shape = fit_shape(italic("q"), [arrow(inputs, heads), arrow("", heads)], wide)
        about = sheet.use.about("query")
        y = sheet.spacing.first
        node = sheet.matrix(x, y, italic("q"), shape, wide=wide, about=about)
        return sheet.add(node), node.top
    roles = ("query_down", "query_latent_norm", "query")
    return _down_and_up(sheet, (x, up, wide), (block.number("query_rank"), heads), roles)


def shared_key(sheet: Board, at: Plan) -> tuple[Node, Point]:
    """The one key that carries positions, which all heads share."""
    if "shared_kv" in sheet.use.block.facts:
        node = _lent(sheet, at.shared, at.slim)
        return node, node.top
    block, about = sheet.use.block, sheet.use.about("rotated_key")
    inputs, outputs, x, wide = input_width(block), block.number("rope_dim"), at.shared, at.slim
    y = sheet.spacing.first
    node = sheet.slanted(x, y, inputs, outputs, narrowing=True, wide=wide, about=about)
    return sheet.add(node), node.top


def keys_and_values(sheet: Board, at: Plan, up: float) -> tuple[Node, Point]:
    """The latent that is cached, and keys and values of all heads out of it."""
    block, x = sheet.use.block, at.values
    rank, each = block.number("kv_rank"), block.number("nope_dim") + block.number("value_dim")
    sizes, roles = (rank, product(key_heads(block), each)), ("latent_down", "latent_norm", "value")
    if "shared_kv" in block.facts:
        node = _lent(sheet, x, at.broad)
        heads, about = sizes[1], sheet.use.about("value")
        above = sheet.slanted(x, up, rank, heads, narrowing=False, wide=at.broad, about=about)
        sheet.wire(node.top, sheet.add(above).bottom)
        return node, above.top
    below, top = _down_and_up(sheet, (x, up, at.broad), sizes, roles)
    y = up + sheet.spacing.matrix / 2 + (24 if sheet.use.full else 15)
    count = Span(f"{rank:,}", 600)
    kept: Content = (count, " kept")
    if sheet.drums:
        sheet.drum(x, y + 4, rank)
        longest: Content = (count, f" kept, {said(rank)}")
        end = at.right - 14  # a thick wire moves it to the right
        fits = [w for w in (longest, kept, count) if x + 8 + extent(w, SMALL) <= end]
        words = fits[0] if len(fits) > 1 else count
        sheet.label(x + 8, y + 4, words, size=SMALL, role="ink")
        return below, top
    left, end = x + 21, min(at.right - 2, sheet.use.width - MARGIN)
    if left + extent(kept, SMALL) > end:  # left of its wire, where there is room
        aside = x - 8 - extent(kept, SMALL)
        left, kept = (aside, kept) if aside - 24 > at.shared + at.slim / 4 else (left, count)
    sheet.put(drum(left - 14, y - 5))
    sheet.label(left, y + 4, kept, size=SMALL, role="ink")
    return below, top


def _lent(sheet: Board, x: float, wide: float) -> Node:
    """What an earlier layer kept stands in place of what a layer makes of its input."""
    forms = (("from an earlier layer's cache", ""), ("an earlier layer's", ""), ("lent", ""))
    about = sheet.use.facts("latents of an earlier layer", "shared_kv", "kv_rank")
    y, colour = sheet.spacing.first, sheet.colour
    return sheet.add(snug(x, y, forms, colour, wide, dashed=True, about=about))


def _down_and_up(
    sheet: Board,
    place: tuple[float, float, float],
    sizes: tuple[int, str],
    roles: tuple[str, str, str],
) -> tuple[Node, Point]:
    """A projection to a latent, its norm, and the projection to all heads."""
    (x, up, wide), (rank, heads), block = place, sizes, sheet.use.block
    below, norm, above = map(sheet.use.about, roles)
    inputs = input_width(block)
    slim = min(158.0, wide * 0.92)
    y = sheet.spacing.first
    down = sheet.slanted(x, y, inputs, rank, narrowing=True, wide=slim, about=below)
    part = block.part(roles[1])
    named, gated = ("RMSNorm", False) if part is None else (title(part), bool(part.inside))
    scaled = bool(block.value("scaled_latents")) and inputs != rank
    note = times_root((inputs / rank) ** 0.5) if scaled else ""
    slim = min(wide, NORM + 32.0 * scaled + 32.0 * gated)
    y = Trunk(sheet, down.top).above()
    short = named.replace("RMSNorm", "norm")
    normed = snug(x, y, ((named, note), (short, note)), "norm", slim, about=norm)
    all_heads = sheet.slanted(x, up, rank, heads, narrowing=False, wide=wide, about=above)
    for node in (down, normed, all_heads):
        sheet.add(node)
    sheet.wire(down.top, normed.bottom)
    sheet.wire(normed.top, all_heads.bottom)
    return down, all_heads.top
