"""Multi-head latent attention as a drawing: down to what is cached, and up again to all heads.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.blocks import Content, Node, Sheet, drum, hero, matrix, pill
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    arrow,
    body,
    fitting,
    fork,
    leave,
    on_hero,
    product,
    slanted,
)
from llm_gallery.figure.internals._savings import PANEL, savings
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.internals._words import root
from llm_gallery.figure.shapes import Inset, Point
from llm_gallery.figure.text import Span, italic, superscript, width

WIDE = 640
"""Px from which there is a side panel."""
BROADEST = 220


def inset(use: Use) -> Inset:
    """The latent, what is rebuilt from it, and what that saves where there is room to say it."""
    panel = PANEL if use.width >= WIDE else 0
    sheet = Sheet()
    high = _drawing(sheet, use, _plan(use, use.width - (panel or MARGIN)))
    if panel:
        high = _saved(sheet, use, high)
    sheet, high = indexer.below(use, sheet, high)
    said = "" if _rotated(use.block) else "no positions"
    note = use.note(said, _gated(use.block))
    picture = body(sheet, use.width, high)
    title = "Sparse latent attention" if "selected" in use.block.facts else "Latent attention"
    return Inset(title=title, note=note, mechanism="latent", body=picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The middles of three groups (queries, the shared key, keys and values) and their breadths."""

    queries: float
    shared: float
    values: float
    broad: float
    slim: float
    right: float

    def streams(self, middle: float) -> tuple[float, float]:
        """Where a group's two streams rise; both keep room at their right for a name."""
        return middle - self.broad * 0.31, middle + self.broad * 0.22


def _plan(use: Use, right: float) -> _Plan:
    room = right - MARGIN
    gap = 6.0
    slim = min(124.0, max(86.0, room * 0.2))
    broad = min(BROADEST, (room - slim - 2 * gap) / 2)
    middle = MARGIN + room / 2
    away = slim / 2 + gap + broad / 2
    return _Plan(
        queries=middle - away,
        shared=middle,
        values=middle + away,
        broad=broad,
        slim=slim,
        right=right + MARGIN,
    )


def _gated(block: Block) -> str:
    """How finely a learned gate scales the output, if there is one."""
    gate = part(block, "g_proj", "linear_gate", "wq_b_gate") if "gate" in block.facts else None
    if gate is None:
        return ""
    return "gated per " + ("head" if gate.number("outputs") == block.number("heads") else "channel")


def _kv_heads(block: Block) -> int:
    """Heads of keys and values: as many as query heads, or fewer that groups of them share."""
    return block.number("kv_heads" if "kv_heads" in block.facts else "heads")


def _rotated(block: Block) -> bool:
    return block.value("position") == "rope"


def _drawing(sheet: Sheet, use: Use, plan: _Plan) -> float:
    block = use.block
    heads, nope = block.number("heads"), block.number("nope_dim")
    outputs = heads - (block.number("noise_heads") if "noise_heads" in block.facts else 0)
    turned, value = block.number("rope_dim"), block.number("value_dim")
    up = FIRST - 13 - GAP - 22 - 32 - 11
    first, left = _queries(sheet, use, plan, up)
    apart = [_shared_key(sheet, use, plan)] if turned else []  # GLM-5.3-Flash has no such key
    last, right = _keys_and_values(sheet, use, plan, up)
    fork(sheet, plan.shared, [node.bottom for node in (first, *(n for n, _ in apart), last)])
    query, turned_query = plan.streams(plan.queries)
    key, values = plan.streams(plan.values)
    row = up - 11 - GAP - 11
    ends = {
        "q": Point(query, left.y),
        "k": Point(key, right.y),
        "v": Point(values, right.y),
    }
    for name, x, below in (
        ("q r", turned_query, left),
        *(("k r", plan.shared, top) for _, top in apart),
    ):
        if not turned:
            continue
        start = Point(x, below.y)
        if _rotated(block):
            wide = min(68.0, plan.broad * 0.4)
            about = use.facts("RoPE", "position", "rope_dim", "rope_base", "rope_scaling")
            node = sheet.add(pill(x, row, "RoPE", "position", wide=wide, about=about))
            sheet.wire(start, node.bottom)
            start = node.top
        ends[name] = start
    bottom = row - 11 - 44
    over = indexer.chosen(use)
    tall = 54.0 if over else 38.0
    span = plan.values + plan.broad / 2 - (plan.queries - plan.broad / 2)
    softmax = sheet.add(
        hero(
            plan.shared,
            bottom - tall / 2,
            "",
            "latent",
            wide=span,
            high=tall,
            about=use.facts("latent attention", "heads", "nope_dim", "rope_dim", "value_dim"),
        )
    )
    for end in ends.values():
        sheet.wire(end, Point(end.x, softmax.bottom.y))
    on_hero(
        sheet,
        softmax,
        -8 if over else 0,
        _formula(nope + turned, split=turned > 0),
        "latent",
        size=14.5,
    )
    if over:
        on_hero(sheet, softmax, 14, over, "latent", size=11)
    small = plan.slim < 100 or turned >= 10_000
    said: dict[str, Content] = {
        "q": (italic("q"), _size(nope)),
        "q r": (italic("q"), superscript("r"), _size(turned)),
        "k r": (italic("k"), superscript("r"), _size(turned, "" if small else ", one head")),
        "k": (italic("k"), _size(nope)),
        "v": (italic("v"), _size(value)),
    }
    y = bottom + 17
    for name, words in said.items():
        if name not in ends:
            continue
        sheet.label(ends[name].x + 8, y, words, size=13, role="ink")
    if turned:
        sheet.put(drum(plan.shared - 21, y - 10))
    out = sheet.add(
        slanted(
            plan.shared,
            softmax.top.y - GAP - 12,
            outputs * value,
            _width(block),
            "latent",
            narrowing=outputs * value >= _width(block),
            wide=170,
            high=24,
            about=use.about(part(block, "o_proj", "o", "out")),
        )
    )
    sheet.wire(softmax.top, out.bottom)
    if block.value("bias"):
        sheet.label(plan.shared + 8, FOOT - 1, "with bias: inputs, out", size=SMALL)
    return leave(sheet, out)


def _formula(size: int, *, split: bool) -> Content:
    if not split:
        return ("softmax( ", italic("q k"), superscript("T"), f" / {root(size)} ) ", italic("v"))
    return (
        "softmax( (",
        italic("q k"),
        superscript("T"),
        " + ",
        italic("q"),
        superscript("r"),
        italic(" k"),
        superscript("r T"),
        f") / {root(size)} ) ",
        italic("v"),
    )


def _size(size: int, also: str = "") -> Span:
    """A head's size beside its name; one that wouldn't fit is said by the matrix alone."""
    return Span(f"{size:,}{also}" if size < 100_000 else "", 400, SMALL, gap=6)


def _width(block: Block) -> int:
    """The width of the stream, from the first matrix that reads it."""
    return next(child.number("inputs") for child in block.inside if "inputs" in child.facts)


def _queries(sheet: Sheet, use: Use, plan: _Plan, up: float) -> tuple[Node, Point]:
    """Queries of all heads, through a latent of their own where they are compressed."""
    block = use.block
    each = block.number("nope_dim") + block.number("rope_dim")
    heads = block.number("heads")
    if "query_rank" not in block.facts:
        stored = part(block, "q_proj", "q", "wq")
        forms = [[arrow(_width(block), product(heads, each))], [arrow("", product(heads, each))]]
        node = matrix(
            plan.queries,
            FIRST,
            italic("q"),
            fitting([italic("q")], forms, plan.broad)[0],
            "latent",
            wide=plan.broad,
            about=use.about(stored),
        )
        sheet.add(node)
        return node, node.top
    rank = block.number("query_rank")
    return _down_and_up(
        sheet,
        use,
        (plan.queries, up, plan.broad),
        ((_width(block), rank), (rank, product(heads, each))),
        ("q_a_proj", "q_a_layernorm", "q_b_proj"),
    )


def _shared_key(sheet: Sheet, use: Use, plan: _Plan) -> tuple[Node, Point]:
    """The one key that carries positions, which all heads share."""
    block = use.block
    node = slanted(
        plan.shared,
        FIRST,
        _width(block),
        block.number("rope_dim"),
        "latent",
        narrowing=True,
        wide=plan.slim,
        about=use.about(part(block, "kv_a_proj", "wkv_a")),
    )
    sheet.add(node)
    return node, node.top


def _keys_and_values(sheet: Sheet, use: Use, plan: _Plan, up: float) -> tuple[Node, Point]:
    """The latent that is cached, and keys and values of all heads out of it."""
    block = use.block
    rank, heads = block.number("kv_rank"), _kv_heads(block)
    each = block.number("nope_dim") + block.number("value_dim")
    below, top = _down_and_up(
        sheet,
        use,
        (plan.values, up, plan.broad),
        ((_width(block), rank), (rank, product(heads, each))),
        ("kv_a_proj", "kv_a_layernorm", "kv_b_proj"),
    )
    y = up + 11 + 17
    sheet.put(drum(plan.values + 7, y - 5))
    count = Span(f"{rank:,}", 600)
    words = (count, " cached")
    fits = plan.values + 21 + width(words, 11) <= plan.right - 2
    sheet.label(plan.values + 21, y + 4, words if fits else count, size=11, role="ink")
    return below, top


def _down_and_up(
    sheet: Sheet,
    use: Use,
    place: tuple[float, float, float],
    shapes: tuple[tuple[int, int], tuple[int, str]],
    names: tuple[str, str, str],
) -> tuple[Node, Point]:
    """A projection to a latent, its norm, and the projection to all heads."""
    x, up, broad = place
    stored = [part(use.block, name) for name in names]
    down = slanted(
        x,
        FIRST,
        *shapes[0],
        "latent",
        narrowing=True,
        wide=min(158.0, broad * 0.92),
        about=use.about(stored[0]),
    )
    norm = pill(x, down.top.y - GAP - 11, "RMSNorm", wide=84, about=use.about(stored[1]))
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


def _saved(sheet: Sheet, use: Use, high: float) -> float:
    """What is kept for a token, beside what as many heads of keys and values would keep."""
    block = use.block
    rank, turned = block.number("kv_rank"), block.number("rope_dim")
    key, value = block.number("nope_dim") + turned, block.number("value_dim")
    heads = _kv_heads(block)
    return savings(
        sheet,
        use.width,
        high,
        "latent",
        kept=(rank + turned, f"{rank:,} + {turned:,}"),
        whole=heads * (key + value),
        otherwise=(f"with {heads:,} heads of keys", f"({key:,}) and values ({value:,})"),
    )
