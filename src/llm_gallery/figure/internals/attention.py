"""Softmax attention as a drawing: queries, keys and values, whatever number of heads shares them."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

from llm_gallery.analysis.mechanisms import Mechanism, mechanism, reach, sharing
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.blocks import Content, Node, Sheet, drum, hero, matrix, operation, pill
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    beside,
    body,
    fitting,
    fork,
    lanes,
    leave,
    on_hero,
    rule,
)
from llm_gallery.figure.internals._masks import EXTENT, HEIGHT, mask, views
from llm_gallery.figure.internals._squares import alike, grid, squares
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.shapes import Inset, Point
from llm_gallery.figure.text import italic, superscript

PANEL = EXTENT + 48
"""Px of the side panel with the masks, its hairline included."""
WIDE = 640
"""Px from which the panel is there even where every layer sees everything."""
BROADEST = 150
SHARING = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one key, value head"}
POSITIONS = {"none": "no positions", "learned": "positions from the embedding"}
PROJECTED = ("q", "k", "v", "gate")


def inset(use: Use) -> Inset:
    """The drawing; where blocks differ, each part says in how many layers it is."""
    block = use.block
    colour: Mechanism = mechanism(block) if use.count(reach) == use.layers else "full"
    panel = PANEL if use.width >= WIDE or use.count(reach) else 0.0
    names = ["q", "k", "v", *(name for name in ("sinks", "gate") if name in block.facts)]
    streams = lanes(Sheet(), names, MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use, colour)
    _norms_and_positions(streams, use)
    _heads(streams, use, colour)
    last = _softmax(streams, use, colour)
    if "gate" in names:
        last = _gate(streams, use, colour, last)
    high = _output(streams, use, colour, last)
    if panel:
        high = _panel(streams.sheet, use, colour, high)
    position = "" if use.scope(_rotated) else str(block.value("position"))
    return Inset(
        title=_title(use),
        note=use.note(SHARING[sharing(block)], POSITIONS.get(position, "")),
        mechanism=colour,
        body=body(streams.sheet, use.width, high),
    )


def _title(use: Use) -> str:
    if "gate" in use.block.facts:
        return "Gated attention"
    if use.count(lambda block: block.value("window")) == use.layers:
        return "Sliding-window attention"
    return "Attention"


def _projections(streams: Lanes, use: Use, colour: Mechanism) -> None:
    """The weight matrices of q, k, v and gate; q, k and v are one block where they are stored as one."""
    block = use.block
    queries, keys = (
        block.number(count) * block.number("head_dim") for count in ("heads", "kv_heads")
    )
    outputs = {"q": queries, "k": keys, "v": keys, "gate": queries}
    fused = part(block, "qkv", "c_attn", "query_key_value", "W_pack", "Wqkv")
    fed = [name for name in PROJECTED if name in streams.at]
    parts = {name: fused or part(block, name[0], f"w{name[0]}") for name in fed}
    if "gate" in fed and parts["gate"] is None:
        parts["gate"] = parts["q"]  # Qwen3-Next stores the gate as the second half of q_proj
    width = next(part.number("inputs") for part in block.inside if "inputs" in part.facts)
    if fused is not None:
        each = f"3 × {queries:,}" if queries == keys else f"{queries:,} + 2 × {keys:,}"
        node = streams.sheet.add(
            matrix(
                streams.middle("q", "v"),
                FIRST,
                italic("q, k, v"),
                arrow(width, each),
                colour,
                wide=streams.span("q", "v"),
                about=use.about(fused),
            )
        )
        fork(streams.sheet, node.centre.x, [node.bottom])
        for name in ("q", "k", "v"):
            streams.tips[name] = Point(streams.at[name], node.top.y)
    else:
        names: list[Content] = [name if name == "gate" else italic(name) for name in fed]
        forms = [
            [arrow(width, outputs[name]) for name in fed],
            [arrow("", outputs[name]) for name in fed],
            [f"{outputs[name]:,}" for name in fed],
        ]
        if use.full:
            counts = [short(width * outputs[name]) for name in fed]
            forms = [[f"{s}, {n}" for s, n in zip(forms[1], counts, strict=True)], *forms]
        for lane, name, shape in zip(fed, names, fitting(names, forms, streams.box), strict=True):
            node = matrix(
                streams.at[lane],
                FIRST,
                name,
                shape,
                colour,
                wide=streams.box,
                about=use.about(parts[lane]),
            )
            streams.rise(lane, node)
        middle = streams.middle(fed[0], fed[-1])
        ends = [Point(streams.at[lane], FIRST + 13) for lane in fed]
        fork(streams.sheet, middle, ends)
    _biases(streams, block)


def _biases(streams: Lanes, block: Block) -> None:
    """Which projections have one, in words beside the input."""
    out = _out(block)
    biased = [child for child in block.inside if child.kind == "linear" and child.value("bias")]
    named = ["q, k, v"] if any(child is not out for child in biased) else []
    named += ["out"] if any(child is out for child in biased) else []
    if named:
        said = f"with bias: {', '.join(named)}"
        fed = [name for name in PROJECTED if name in streams.at]
        x = streams.middle(fed[0], fed[-1]) + 8
        streams.sheet.label(x, FOOT - 1, said, size=SMALL)


def _out(block: Block) -> Block | None:
    return part(block, "o", "c_proj", "dense", "wo", "proj")


def _per_head(block: Block) -> object:
    return block.value("qk_norm") in ("per head", "all heads")


def _rotated(block: Block) -> object:
    return block.value("position") == "rope"


def _unit(block: Block) -> object:
    return block.value("qk_norm") == "l2"


def _tempered(block: Block) -> object:
    return block.value("temperature_tuning")


def _norms_and_positions(streams: Lanes, use: Use) -> None:
    """Norms with parameters come before the rotation, Llama 4's without come after it."""
    first = use.block
    style = str(first.value("qk_norm"))
    turned = next((block for block, _ in use.variants if _rotated(block)), first)
    dim, rotated = turned.number("head_dim"), turned.value("rotated")
    partly = "" if rotated in (None, dim) else f"{rotated} / {dim}"
    _pills(streams, use, _per_head, "RMSNorm", "norm", said=style, about=("qk_norm",))
    _pills(
        streams,
        use,
        _rotated,
        "RoPE",
        "position",
        note=partly,
        about=("position", "rotated", "rope_base", "rope_scaling", "rope_factor"),
    )
    _pills(streams, use, _unit, "L2 norm", "norm", said="no weights", about=("qk_norm",))
    _pills(
        streams,
        use,
        _tempered,
        "× log length",
        "position",
        names=("q",),
        about=("temperature_tuning",),
    )


def _pills(
    streams: Lanes,
    use: Use,
    holds: Callable[[Block], object],
    name: str,
    colour: Mechanism,
    *,
    about: tuple[str, ...],
    note: str = "",
    said: str = "",
    names: tuple[str, ...] = ("q", "k"),
) -> None:
    """A row of pills in q and k, dashed and with its share of the layers where not all have it."""
    if not use.count(holds):
        return
    scope = use.scope(holds)
    y = min(tip.y for tip in streams.tips.values()) - GAP - 11
    for lane in names:
        stored = part(use.block, f"{lane}_norm", f"{lane}_layernorm") if colour == "norm" else None
        node = streams.rise(
            lane,
            pill(
                streams.at[lane],
                y,
                name,
                colour,
                note=note,
                wide=min(streams.box, 96),
                dashed=bool(scope),
                about=use.about(stored) or use.facts(name, *about),
            ),
        )
    following = streams.at["v" if names[-1] == "k" else "k"]
    words = scope or said
    beside(streams.sheet, node, words, following - 2)


def _heads(streams: Lanes, use: Use, colour: Mechanism) -> None:
    """A square a head in each stream, and the drum where keys and values are kept."""
    total, kept = use.block.number("heads"), use.block.number("kv_heads")
    asked = grid(kept, total // kept, min(streams.box - 4, 104), 26)
    y = min(tip.y for tip in streams.tips.values()) - 18 - asked.size[1] / 2
    for lane, held in (("q", asked), ("k", alike(asked)), ("v", alike(asked))):
        x = streams.at[lane]
        edge = held.size[1] / 2 + 3
        streams.sheet.wire(streams.tips[lane], Point(x, y + edge), arrow=False)
        streams.sheet.put(squares(held, x, y, f"{colour}.solid"))
        streams.tips[lane] = Point(x, y - edge)
    top = y - asked.size[1] / 2
    for lane in ("k", "v"):
        streams.sheet.put(drum(streams.at[lane] - 20, top - 22))
    streams.sheet.label(streams.at["v"] + 8, top - 13, "cached", size=SMALL, weight=500, role="ink")
    if "sinks" in streams.at:
        node = matrix(
            streams.at["sinks"],
            y,
            "sinks",
            f"{total:,}",
            colour,
            wide=streams.box,
            about=use.facts("sinks: one learned score a head", "sinks"),
        )
        streams.rise("sinks", node)


def _softmax(streams: Lanes, use: Use, colour: Mechanism) -> Node:
    """The weighted sum of the values."""
    block = use.block
    joined = [name for name in streams.at if name != "gate"]
    capped = block.value("softcap")
    high = 50.0 if capped else 36.0
    top = min(streams.tips[name].y for name in ("q", "k", "v"))
    node = streams.sheet.add(
        hero(
            streams.middle(joined[0], joined[-1]),
            top - 24 - high / 2,
            "",
            colour,
            wide=streams.span(joined[0], joined[-1]),
            high=high,
            about=use.facts("attention", "heads", "kv_heads", "head_dim", "scale_dim", "softcap"),
        )
    )
    streams.into(node, *joined)
    scale = block.number("scale_dim")
    root = isqrt(scale)
    by = f"{root}" if root * root == scale else f"√{scale}"
    formula: Content = ("softmax( ", italic("q k"), superscript("T"), f" / {by} ) ", italic("v"))
    on_hero(streams.sheet, node, -7 if capped else 0, formula, colour)
    if capped:
        words = f"scores kept within ± {capped:g} by tanh"
        on_hero(streams.sheet, node, 13, words, colour, size=11)
    return node


def _gate(streams: Lanes, use: Use, colour: Mechanism, last: Node) -> Node:
    """How much of the output passes, channel by channel."""
    times = operation(last.top.x, last.top.y - 22, "×", ground=f"{colour}.tint")
    streams.sheet.add(times)
    streams.sheet.wire(last.top, times.bottom)
    function = str(use.block.value("gate"))
    x, y = streams.at["gate"], last.centre.y
    through = streams.rise("gate", pill(x, y, function, colour, about=use.facts("gate", "gate")))
    streams.sheet.wire(through.top, Point(x, times.right.y), times.right)
    return times


def _output(streams: Lanes, use: Use, colour: Mechanism, last: Node) -> float:
    block = use.block
    out = _out(block)
    inner = block.number("heads") * block.number("head_dim")
    width = next(part.number("inputs") for part in block.inside if "inputs" in part.facts)
    shape = arrow(inner, width) + (f", {short(inner * width)}" if use.full else "")
    node = streams.sheet.add(
        matrix(last.top.x, last.top.y - GAP - 13, "out", shape, colour, about=use.about(out))
    )
    streams.sheet.wire(last.top, node.bottom)
    return leave(streams.sheet, node)


def _panel(sheet: Sheet, use: Use, colour: Mechanism, high: float) -> float:
    """The different ways of looking back, from the top down; gives back the height that all need."""
    found = views(use)
    high = max(high, len(found) * HEIGHT + 14)
    x = use.width - EXTENT - MARGIN
    sheet.put(rule(x - 20, high, colour))
    step = min(HEIGHT + 20, (high - 14) / len(found))
    for i, view in enumerate(found):
        layers = f"{view.layers} layers" if len(found) > 1 else ""
        mask(sheet, x, 10 - high + i * step, view, layers)
    return high
