"""Multi-head latent attention as a drawing: down to what is cached, and up again to all heads.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals import _latents, indexer
from llm_gallery.figure.internals._foot import Frame
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    SMALLEST,
    Trunk,
    arrow,
    body,
    fitting,
    fork,
    on_hero,
    slanted,
    snug,
)
from llm_gallery.figure.internals._masks import views
from llm_gallery.figure.internals._savings import PANEL, savings
from llm_gallery.figure.internals._trunk import End, passed
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Content, Span, italic, superscript
from llm_gallery.mechanisms.attention_lanes import LANES
from llm_gallery.mechanisms.wording import root

WIDE = 640
"""Px from which there is a side panel."""


def inset(use: Use) -> Inset:
    """The latent, what is rebuilt from it, and what that saves where there is room to say it."""
    panel = PANEL if use.width >= WIDE else 0
    sheet = Sheet()
    high = _drawing(sheet, use, _latents.plan(sheet, use, use.width - (panel or MARGIN)))
    if panel:
        high = _saved(sheet, use, high)
    sheet, high = indexer.below(use, sheet, high)
    said = "" if _rotated(use.block) else "no positions"
    note = use.note(_gated(use.block), *_near(use), said)
    picture = body(sheet, use.width, high)
    title = "Sparse latent attention" if "selected" in use.block.facts else "Latent attention"
    if "noise_heads" in use.block.facts:
        title = f"Differential {title.lower()}"
    return Inset(title=title, note=note, mechanism="latent", body=picture)


def _gated(block: Block) -> str:
    """How finely a learned gate scales the output, if there is one."""
    gate = block.part("gate") if "gate" in block.facts else None
    if gate is None:
        return ""
    return "gated per " + ("head" if gate.number("outputs") == block.number("heads") else "channel")


def _near(use: Use) -> tuple[str, ...]:
    """How far layers with a window see, in words."""
    if not use.count(reach):
        return ()
    found = views(use)
    return tuple(
        f"{view.said} in {view.layers:,} layer{'s' if view.layers > 1 else ''}"
        if len(found) > 1
        else view.said
        for view in found
        if view.title != "Global"
    )


def _rotated(block: Block) -> bool:
    return block.value("position") == "rope"


def _drawing(sheet: Sheet, use: Use, plan: _latents.Plan) -> float:
    block = use.block
    heads, nope = block.number("heads"), block.number("nope_dim")
    outputs = heads - (block.number("noise_heads") if "noise_heads" in block.facts else 0)
    turned, value = block.number("rope_dim"), block.number("value_dim")
    up = FIRST - 13 - GAP - 22 - 32 - 11
    first, asked = _latents.queries(sheet, use, plan, up)
    # GLM-5.3-Flash has no key of the second kind.
    apart = [_latents.shared_key(sheet, use, plan)] if turned else []
    last, rebuilt = _latents.keys_and_values(sheet, use, plan, up)
    aside = _beside(use, plan)
    fork(sheet, plan.shared, [*(n.bottom for n in (first, *(n for n, _ in apart), last)), *aside])
    query, turned_query = plan.streams(plan.queries)
    key, values = plan.streams(plan.values)
    row = up - 11 - GAP - 11
    ends = {
        "q": Point(query, asked.y),
        "k": Point(key, rebuilt.y),
        "v": Point(values, rebuilt.y),
    }
    for name, x, below in (
        ("q r", turned_query, asked),
        *(("k r", plan.shared, top) for _, top in apart),
    ):
        if not turned:
            continue
        start = Point(x, below.y)
        if _rotated(block):
            wide = min(68.0, max(46.0, plan.broad * 0.4))
            about = use.facts("RoPE", "position", "rope_dim", "rope_base", "rope_scaling")
            node = sheet.add(snug(x, row, (("RoPE", ""),), "position", wide, about=about))
            sheet.wire(start, node.bottom)
            start = node.top
        ends[name] = start
    tempered = bool(block.value("temperature_tuning"))
    if tempered:
        row -= 22 + GAP
        _temperature(sheet, use, plan, row, ends)
    bottom = row - 11 - 44
    over = indexer.chosen(use)
    tall = 54.0 if over else 38.0
    left, right = plan.queries - plan.broad / 2, plan.values + plan.broad / 2
    if "sinks" in plan.beside.at:
        right = plan.beside.at["sinks"] + plan.beside.box / 2
    middle = (left + right) / 2
    softmax = sheet.add(
        hero(
            middle,
            bottom - tall / 2,
            "",
            "latent",
            wide=right - left,
            high=tall,
            about=use.facts("latent attention", "heads", "nope_dim", "rope_dim", "value_dim"),
        )
    )
    if "sinks" in plan.beside.at:
        x, box = plan.beside.at["sinks"], plan.beside.box
        about = use.facts("sinks: one learned score a head", "sinks")
        said = fitting(["sinks"], [[f"{heads:,}"]], box)[0]
        held = sheet.add(matrix(x, bottom + 36, "sinks", said, "latent", wide=box, about=about))
        sheet.wire(held.top, Point(x, softmax.bottom.y))
    for end in ends.values():
        sheet.wire(end, Point(end.x, softmax.bottom.y))
    on_hero(
        sheet,
        softmax,
        -8 if over else 0,
        _formula(nope + turned, _factor(use), split=turned > 0),
        "latent",
        size=14.5,
    )
    if over:
        on_hero(sheet, softmax, 14, over, "latent", size=11)
    y = bottom + 17
    _named(sheet, block, plan, ends, y)
    if turned:
        sheet.put(drum(plan.shared - 21, y - 10))
    trunk = Trunk(sheet, softmax.top)
    frame = Frame(plan.beside, use, LANES, "latent", plan.right)
    passed(End(frame, trunk, LANES.lanes[-1], softmax), LANES.after[:2])
    trunk.join(
        slanted(
            middle,
            trunk.above(24),
            outputs * value,
            _latents.width(block),
            "latent",
            narrowing=outputs * value >= _latents.width(block),
            wide=170,
            high=24,
            about=use.about(block.part("output")),
        )
    )
    if block.value("bias"):
        sheet.label(plan.shared + 8, FOOT - 1, "with bias: inputs, out", size=SMALL)
    return trunk.leave()


def _named(
    sheet: Sheet, block: Block, plan: _latents.Plan, ends: dict[str, Point], y: float
) -> None:
    """The streams' names where they enter the softmax, with the size of a head."""
    nope, turned, value = (block.number(n) for n in ("nope_dim", "rope_dim", "value_dim"))
    small = plan.slim < 100 or turned >= 10_000
    tight = plan.broad < 100
    names: dict[str, Content] = {
        "q": (italic("q"), _size(nope, tight=tight)),
        "q r": (italic("q"), superscript("r"), _size(turned, tight=tight)),
        "k r": (italic("k"), superscript("r"), _size(turned, "" if small else ", one head")),
        "k": (italic("k"), _size(nope, tight=tight)),
        "v": (italic("v"), _size(value, tight=tight)),
    }
    for name, words in names.items():
        if name in ends:
            x = ends[name].x + (5 if tight else 8)
            sheet.label(x, y, words, size=12 if tight else 13, role="ink")


def _beside(use: Use, plan: _latents.Plan) -> list[Point]:
    """The matrices of what stands right of the latents; gives back where those read the input."""
    block, lanes = use.block, plan.beside
    ends = []
    for name in ("λ", "gate"):
        held = block.part({"λ": "lambda"}.get(name, name)) if name in lanes.at else None
        if held is None:
            continue
        x, outputs = lanes.at[name], held.number("outputs")
        shape = fitting([name], [[arrow("", outputs)], [f"{outputs:,}"]], lanes.box)[0]
        about = use.about(held)
        lanes.rise(name, matrix(x, FIRST, name, shape, "latent", wide=lanes.box, about=about))
        if held.number("inputs") == block.value("query_rank"):
            lanes.sheet.wire(Point(x, FOOT), Point(x, FIRST + 13))
            lanes.sheet.label(x - 8, FOOT - 2, "query latent", size=SMALL, anchor="end")
        else:
            ends.append(Point(x, FIRST + 13))
    return ends


def _temperature(
    sheet: Sheet,
    use: Use,
    plan: _latents.Plan,
    y: float,
    ends: dict[str, Point],
) -> None:
    """Queries, rotated part and rest, grow with the position."""
    first, last = ends["q"].x, ends.get("q r", ends["q"]).x
    wide = max(plan.broad * 0.4, last - first + min(68.0, plan.broad * 0.4))
    about = use.facts("temperature", "temperature_tuning")
    node = pill((first + last) / 2, y, "temperature", "position", wide=wide, about=about)
    sheet.add(node)
    for name, x in (("q", first), ("q r", last)):
        if name in ends:
            sheet.wire(ends[name], Point(x, node.bottom.y))
            ends[name] = Point(x, node.top.y)


def _factor(use: Use) -> str:
    """What multiplies the scores, where it is the same in all layers; else their numbers tell."""
    held = {block.value("score_scale") for block, _ in use.variants}
    one = held.pop() if len(held) == 1 else None
    return f"{one:.4g} " if isinstance(one, float) else ""


def _formula(size: int, factor: str, *, split: bool) -> Content:
    if not split:
        return (
            f"softmax( {factor}",
            italic("q k"),
            superscript("T"),
            f" / {root(size)} ) ",
            italic("v"),
        )
    return (
        f"softmax( {factor}(",
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


def _size(size: int, also: str = "", *, tight: bool = False) -> Span:
    """A head's size beside its name; one that wouldn't fit is said by the matrix alone."""
    shown = f"{size:,}{also}" if size < (1_000 if tight else 100_000) else ""
    return Span(shown, 400, SMALLEST if tight else SMALL, gap=3 if tight else 6)


def _saved(sheet: Sheet, use: Use, high: float) -> float:
    """What is kept for a token, beside what as many heads of keys and values would keep."""
    block = use.block
    rank, turned = block.number("kv_rank"), block.number("rope_dim")
    key, value = block.number("nope_dim") + turned, block.number("value_dim")
    heads = _latents.kv_heads(block)
    return savings(
        sheet,
        use.width,
        high,
        "latent",
        kept=(rank + turned, f"{rank:,} + {turned:,}"),
        whole=heads * (key + value),
        otherwise=(f"with {heads:,} heads of keys", f"({key:,}) and values ({value:,})"),
    )
