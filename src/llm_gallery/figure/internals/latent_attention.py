"""Multi-head latent attention as a drawing: down to what is cached, and up again to all heads.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.figure.block_names import layers
from llm_gallery.figure.internals import _latents, indexer
from llm_gallery.figure.internals._board import FOOT, MARGIN, WIDE, Board
from llm_gallery.figure.internals._fitting import (
    ON_HERO,
    SMALL,
    SMALLEST,
    arrow,
    fit_shape,
    on_hero,
)
from llm_gallery.figure.internals._foot import Frame
from llm_gallery.figure.internals._items import End, pass_through
from llm_gallery.figure.internals._lanes import Lanes, Trunk
from llm_gallery.figure.internals._masks import views
from llm_gallery.figure.internals._savings import PANEL, savings, scale
from llm_gallery.figure.internals._scores import in_steps, sinks
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import PILL, Node, hero
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Span, fit, formula, italic, superscript, width
from llm_gallery.mechanisms.attention_lanes import LANES, input_width, output_width, rotated, turns
from llm_gallery.mechanisms.lane_drawing import Gate, Subtraction
from llm_gallery.mechanisms.latent_attention import key_heads
from llm_gallery.mechanisms.scalars import temperature
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import EXTENSION, NO_POSITIONS

PASSED = tuple(item for item in LANES.after if isinstance(item, Subtraction | Gate))
"""What leaves the softmax passes, of all that attention's does: its norms are of other kinds."""
LATENT = (30.0, 46.0)
"""Px from the latent's norm to the matrices over it, where its drum stands: plain, and where wires are wide."""


def inset(use: Use) -> Inset:
    """The latent, what is rebuilt from it, and what that saves where there is room to say it."""
    panel = PANEL if use.width >= WIDE else 0
    sheet, block = Board(use=use, colour="latent"), use.block
    if use.full:
        sheet.drums = scale(block)
    high = _drawing(sheet, _latents.plan(sheet, use.width - (panel or MARGIN)))
    if panel:
        high = _saved(sheet, high)
    high += indexer.below(sheet)
    positions = "" if rotated(block) else NO_POSITIONS
    part = "rotated part" if rotated(block) else "second part"
    shared = (f"_q_^r^, _k_^r^: {part}, one _k_^r^ for all",) * bool(block.number("rope_dim"))
    own = (*_heads(block), *shared, *turns(use.variants), *_of_the_latent(block))
    sheet.symbols = (*own, *indexer.symbols(use))
    title = "Sparse latent attention" if "selected" in use.block.facts else "Latent attention"
    if "noise_heads" in use.block.facts:
        title = f"Differential {title.lower()}"
    return sheet.inset(title, high, _gated(use.block), *_near(use), positions)


def _heads(block: Block) -> tuple[str, ...]:
    """How many heads of queries there are, and of keys and values where those are fewer."""
    queries, pairs = f"{block.number('heads'):,} heads", f"{key_heads(block):,} heads"
    if queries == pairs:
        return (f"_q_, _k_, _v_: {queries}",)
    return f"_q_: {queries}", f"_k_, _v_: {pairs}"


def _of_the_latent(block: Block) -> tuple[str, ...]:
    """What is otherwise than drawn: what reads the queries' latent, what positions do."""
    if "learned_temperature" in block.facts:
        grown = ("_s_: a head's line in the logarithm of the position, learned",)
        return grown + ("speeds of RoPE learned",) * ("learned_speeds" in block.facts)
    if block.settings.get("query_of_both"):
        return ("_q_, gate: of the latent, normed and not",)
    return ("gate: of the queries' latent",) * bool(block.settings.get("gate_of_latent"))


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
    every = views(use)
    return tuple(
        f"{view.reach} in {layers(view.layers)}" if len(every) > 1 else view.reach
        for view in every
        if view.title != "Global"
    )


def _drawing(sheet: Board, plan: _latents.Plan) -> float:
    use, block, beside = sheet.use, sheet.use.block, plan.beside
    turned = block.number("rope_dim")
    outputs, width = output_width(block), input_width(block)
    set_with = sheet.spacing
    normed = "shared_kv" not in block.facts or "query_rank" in block.facts
    between = set_with.gap + PILL + LATENT[use.full] if normed else LATENT[use.full]
    up = set_with.first - set_with.matrix - between
    first, asked = _latents.queries(sheet, plan, up)
    apart = [_latents.shared_key(sheet, plan)] if turned else []
    last, rebuilt = _latents.keys_and_values(sheet, plan, up)
    made = () if "shared_kv" in block.facts else (*(node for node, _ in apart), last)
    entries = [node.bottom for node in (first, *made)]
    sheet.fork(plan.shared, [*entries, *_beside(beside)])
    query, turned_query = plan.streams(plan.queries) if turned else (plan.queries, plan.queries)
    key, values = plan.streams(plan.values)
    heads = Lanes(sheet, {"q": query, "k": key, "v": values}, 0)
    heads.tips = {
        "q": Point(query, asked.y),
        "k": Point(key, rebuilt.y),
        "v": Point(values, rebuilt.y),
    }
    for _, top in apart:
        heads.tips |= {"q r": Point(turned_query, asked.y), "k r": Point(plan.shared, top.y)}
    heads.at = {name: tip.x for name, tip in heads.tips.items()}
    for name, wide in _widths(block).items():
        if name in heads.tips:
            sheet.carries(heads.tips[name], wide)
    row = up - set_with.matrix / 2 - set_with.gap - PILL / 2
    if rotated(block):
        room = min(68.0, max(46.0, plan.broad * 0.4))
        about = use.facts("RoPE", "position", "rope_dim", "rope_base", *EXTENSION)
        own = ("q r",) if "shared_kv" in block.facts else ("q r", "k r")
        for name in own if turned else ():
            heads.pill(name, (("RoPE", ""),), "position", y=row, room=room, about=about)
    softmax = _core(heads, plan, row - PILL / 2 - 44)
    trunk = Trunk(sheet, softmax.top)
    frame = Frame(beside, LANES)
    pass_through(End(frame, trunk, LANES.lanes[-1], softmax), PASSED)
    narrowing, out = outputs >= width, use.about("output")
    y = trunk.above(set_with.matrix)
    trunk.join(
        sheet.slanted(softmax.top.x, y, outputs, width, narrowing=narrowing, wide=170, about=out)
    )
    if block.value("bias"):
        sheet.label(plan.shared + 8, FOOT - 1, "with bias: inputs, out", size=SMALL)
    return trunk.leave()


def _core(heads: Lanes, plan: _latents.Plan, bottom: float) -> Node:
    """The softmax over all streams, its lower edge at `bottom`; where all is said, in two blocks."""
    sheet, use, block, beside = heads.sheet, heads.use, heads.use.block, plan.beside
    left, right = plan.queries - plan.broad / 2, plan.values + plan.broad / 2
    has_sinks, choice = "sinks" in beside.at, indexer.chosen(use)
    if has_sinks:
        right = beside.at["sinks"] + beside.box / 2
        sinks(beside, bottom + 36)
        heads.tips["sinks"] = beside.tips.pop("sinks")
    about = use.facts("latent attention", "heads", "nope_dim", "rope_dim", "value_dim")
    turned = bool(block.number("rope_dim"))
    if use.full:
        heads.at |= {name: tip.x for name, tip in heads.tips.items()}
        asks = tuple(name for name in ("q", "q r", "k r", "k") if name in heads.tips)
        product = "_q k_^T^" + (" + _q_^r^_ k_^r T^" if turned else "")
        if scaled := grown_by(block):
            product = f"{scaled}( {product} )" if turned else scaled + product
        product = f"scores = {product}"
        joined = [*asks, "v", *(("sinks",) if has_sinks else ())]
        bottom = min(tip.y for tip in heads.tips.values()) - 34
        summed = ("softmax( scores ) _v_", *([choice] if choice else []))
        edges = left, heads.at["k"] + 24, right
        node = in_steps(heads, asks, joined, product, summed, about, edges)
    else:
        grown = temperature(block)
        choice = choice or ("" if grown is None else f"{grown.written} at position p")
        high, middle = 54.0 if choice else 38.0, (left + right) / 2
        wide = right - left
        node = hero(middle, bottom - high / 2, "", "latent", wide=wide, high=high, about=about)
        sheet.add(node)
        heads.into(node, *list(heads.tips))
        forms = tuple(map(formula, _formulas(use)))
        words, _ = fit(forms, wide - ON_HERO, (SMALLEST,), 500) or (forms[-1], SMALLEST)
        on_hero(sheet, node, -8 if choice else 0, words, "latent", size=14.5)
        if width(choice, SMALLEST) > wide - ON_HERO:
            choice = choice.replace("layer's indexer", "indexer")
        if choice:
            on_hero(sheet, node, 14, choice, "latent", size=SMALL)
    _named(heads, block, plan, bottom + 17, use.width - MARGIN + 1)
    if turned and "shared_kv" not in block.facts:
        sheet.drum(plan.shared - 1, bottom + 16, block.number("rope_dim"))
    return node


def _widths(block: Block) -> dict[str, int]:
    """How many numbers each stream carries, all heads together."""
    queries, pairs = block.number("heads"), key_heads(block)
    plain, turned, value = (block.number(n) for n in ("nope_dim", "rope_dim", "value_dim"))
    return {
        "q": queries * plain,
        "q r": queries * turned,
        "k r": turned,
        "k": pairs * plain,
        "v": pairs * value,
    }


def _named(heads: Lanes, block: Block, plan: _latents.Plan, y: float, right: float) -> None:
    """The streams' names where they enter the softmax, with the size of a head."""
    nope, turned, value = (block.number(n) for n in ("nope_dim", "rope_dim", "value_dim"))
    tight = plan.broad < 124
    raised = superscript("r")
    names: dict[str, tuple[tuple[Span, ...], int]] = {
        "q": ((italic("q"),), nope),
        "q r": ((italic("q"), raised), turned),
        "k r": ((italic("k"), raised), turned),
        "k": ((italic("k"),), nope),
        "v": ((italic("v"),), value),
    }
    # Left of the rotated key stands its drum.
    places = sorted(x - (24 if name == "k r" else 0) for name, x in heads.at.items())
    for name, (symbol, count) in names.items():
        if name in heads.at:
            x, size = heads.at[name] + (5 if tight else 8), 12.0 if tight else 13.0
            following = next((other for other in places if other > heads.at[name]), right)
            sizes = [_size(count, also, tight=tight) for also in (", one head", "")]
            forms = [(*symbol, said) for said in sizes[name != "k r" :]]
            shown = next((form for form in forms if x + width(form, size) < following), symbol)
            heads.sheet.label(x, y, shown, size=size, role="ink")


def _beside(streams: Lanes) -> list[Point]:
    """The matrices of what stands right of the latents; gives back where those read the input."""
    use, block = streams.use, streams.use.block
    ends = []
    for lane in LANES.lanes:
        beside = lane.name in ("λ", "gate") and lane.name in streams.at
        part = block.part(lane.role) if beside else None
        if part is None:
            continue
        name, outputs = lane.name, part.number("outputs")
        shape = fit_shape(name, [arrow("", outputs), f"{outputs:,}"], streams.box)
        node = streams.matrix(name, name, shape, use.about(part))
        if part.number("inputs") == block.value("query_rank"):
            streams.sheet.wire(Point(node.bottom.x, FOOT), node.bottom)
            x = node.bottom.x - 8
            streams.sheet.label(x, FOOT - 2, "query latent", size=SMALL, anchor="end")
        else:
            ends.append(node.bottom)
    return ends


def grown_by(block: Block) -> str:
    """What a head's queries are times, in a formula; nothing where they are as projected."""
    return "_s_ " if "learned_temperature" in block.facts else ""


def _formulas(use: Use) -> Iterator[str]:
    """The scores with what multiplies them, where it is the same in all layers; else their numbers tell.

    Where there is little room, both products are one sum.
    """
    block, scales = use.block, {block.value("score_scale") for block, _ in use.variants}
    scale = scales.pop() if len(scales) == 1 else None
    factor = (f"{scale:.4g} " if isinstance(scale, float) else "") + grown_by(block)
    turned = block.number("rope_dim")
    divisor = root(block.number("nope_dim") + turned)
    for products in ("(_q k_^T^ + _q_^r^_ k_^r T^)", "Σ _q k_^T^") if turned else ("_q k_^T^",):
        yield f"softmax( {factor}{products} / {divisor} ) _v_"


def _size(size: int, also: str = "", *, tight: bool = False) -> Span:
    """A head's size beside its name; one that wouldn't fit is said by the matrix alone."""
    shown = f"{size:,}{also}" if size < (1_000 if tight else 100_000) else ""
    return Span(shown, 400, 11.0 if tight else SMALL, gap=3 if tight else 6)


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
