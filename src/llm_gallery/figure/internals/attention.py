"""Softmax attention as a drawing: queries, keys and values, whatever number of heads shares them."""

from __future__ import annotations

from llm_gallery.analysis.mechanisms import Mechanism, mechanism, reach, sharing
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure import words
from llm_gallery.figure.blocks import Content, Node, Sheet, drum, hero, matrix, operation
from llm_gallery.figure.internals import shared_keys
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    fork,
    lanes,
    leave,
    on_hero,
    raised,
    rule,
    snug,
)
from llm_gallery.figure.internals._masks import EXTENT, HEIGHT, mask, views
from llm_gallery.figure.internals._pills import rows
from llm_gallery.figure.internals._savings import PANEL as SAVINGS
from llm_gallery.figure.internals._savings import savings
from llm_gallery.figure.internals._squares import heads, squares
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.internals._words import root
from llm_gallery.figure.shapes import Inset, Point
from llm_gallery.figure.text import italic, superscript

MASKS = EXTENT + 48
"""Px of the side panel with the masks, its hairline included."""
WIDE = 640
"""Px from which the panel is there even where every layer sees everything."""
BROADEST, NARROWEST = 150, 66
"""Px from one stream to the next."""
SHARING = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one key, value head"}
POSITIONS = {
    "relative": "bias by distance",
    "none": "no positions",
    "learned": "positions from the embedding",
}
PROJECTED = ("q", "k", "v", "gate")


def inset(use: Use) -> Inset:
    """The drawing; where blocks differ, each part says in how many layers it is."""
    block = use.block
    if "shared_kv" in block.facts:
        return shared_keys.inset(use)
    colour: Mechanism = mechanism(block) if use.count(reach) == use.layers else "full"
    names = ["q", "k", "v", *(name for name in ("sinks", "gate") if name in block.facts)]
    panel = _panel(use, len(names))
    streams = lanes(Sheet(), names, MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use, colour)
    rows(streams, use)
    _heads(streams, use, colour)
    last = _softmax(streams, use, colour)
    if "gate" in names:
        last = _gate(streams, use, colour, last)
    high = _output(streams, use, colour, last)
    if panel == MASKS:
        high = _masks(streams.sheet, use, colour, high)
    elif panel:
        high = _saved(streams.sheet, use, colour, high)
    positions = {str(variant.value("position")) for variant, _ in use.variants}
    position = positions.pop() if len(positions) == 1 else ""
    return Inset(
        title=_title(use),
        note=use.note(SHARING[sharing(block)], POSITIONS.get(position, ""), *_reaches(use, panel)),
        mechanism=colour,
        body=body(streams.sheet, use.width, high),
    )


def _panel(use: Use, streams: int) -> float:
    """Px for masks where a layer doesn't see everything, or for what sharing saves; else none."""
    room = use.width - MARGIN - MASKS
    if use.count(reach):
        return MASKS if room / streams >= NARROWEST else 0.0
    if use.width < WIDE:
        return 0.0
    shares = use.block.number("kv_heads") < use.block.number("heads")
    return SAVINGS if shares else MASKS


def _title(use: Use) -> str:
    """The blocks' own name where it is the same for all."""
    names = {words.title(block) for block, _ in use.variants}
    if len(names) == 1:
        return names.pop()
    return "Gated attention" if "gate" in use.block.facts else "Attention"


def _reaches(use: Use, panel: float) -> tuple[str, ...]:
    """How far the layers see, in words where there is no room for pictures of it."""
    if panel or not use.count(reach):
        return ()
    return tuple(view.said for view in views(use))


def _projections(streams: Lanes, use: Use, colour: Mechanism) -> None:
    """The weight matrices of q, k, v and gate; q, k and v are one block where they are stored as one."""
    block = use.block
    queries, keys = (
        block.number(count) * block.number("head_dim") for count in ("heads", "kv_heads")
    )
    outputs = {"q": queries, "k": keys, "v": keys, "gate": queries}
    fused = part(block, "qkv", "c_attn", "query_key_value", "W_pack", "Wqkv")
    if fused is not None and "." in fused.name:
        fused = None  # ZAYA stores q, k and v apart under that name
    fed = [name for name in PROJECTED if name in streams.at]
    parts = {name: fused or part(block, name[0], f"w{name[0]}", kind="linear") for name in fed}
    if "gate" in fed and parts["gate"] is None:
        parts["gate"] = parts["q"]  # Qwen3-Next stores the gate as the second half of q_proj
    width = _width(block)
    if fused is not None:
        each = f"3 × {queries:,}" if queries == keys else f"{queries:,} + 2 × {keys:,}"
        forms = [[arrow(width, each)], [arrow("", each)]]
        node = streams.sheet.add(
            matrix(
                streams.middle("q", "v"),
                FIRST,
                italic("q, k, v"),
                fitting([italic("q, k, v")], forms, streams.span("q", "v"))[0],
                colour,
                wide=streams.span("q", "v"),
                about=use.about(fused),
            )
        )
        fork(streams.sheet, node.centre.x, [node.bottom])
        for name in ("q", "k", "v"):
            streams.tips[name] = Point(streams.at[name], node.top.y)
    else:
        symbols: list[Content] = [name if name == "gate" else italic(name) for name in fed]
        forms = [
            [arrow(width, outputs[name]) for name in fed],
            [arrow("", outputs[name]) for name in fed],
            [f"{outputs[name]:,}" for name in fed],
        ]
        if use.full:
            counts = [short(width * outputs[name]) for name in fed]
            forms = [[f"{s}, {n}" for s, n in zip(forms[1], counts, strict=True)], *forms]
        shapes = list(fitting(symbols, forms, streams.box))
        if "unified_kv" in block.facts:
            shapes[fed.index("v")] = "as k"
            parts["v"] = parts["k"]
        for name, symbol, shape in zip(fed, symbols, shapes, strict=True):
            at, about = streams.at[name], use.about(parts[name])
            node = matrix(at, FIRST, symbol, shape, colour, wide=streams.box, about=about)
            streams.rise(name, node)
        middle = streams.middle(fed[0], fed[-1])
        ends = [Point(streams.at[name], FIRST + 13) for name in fed]
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


def _width(block: Block) -> int:
    """The width of the stream, from the first matrix that reads it."""
    return next((child.number("inputs") for child in block.inside if "inputs" in child.facts), 0)


def _out(block: Block) -> Block | None:
    return part(block, "o", "c_proj", "dense", "wo", "proj")


def _heads(streams: Lanes, use: Use, colour: Mechanism) -> None:
    """A square a head in each stream, and the drum where keys and values are kept."""
    total, kept = use.block.number("heads"), use.block.number("kv_heads")
    asked, shared = heads(total, kept, min(streams.box - 4, 104), 26)
    tall = max(12.0, asked.size[1], shared.size[1])
    y = min(tip.y for tip in streams.tips.values()) - 18 - tall / 2
    for lane, held, count in (("q", asked, total), ("k", shared, kept), ("v", shared, kept)):
        x = streams.at[lane]
        if held.countable:
            streams.sheet.put(squares(held, x, y, f"{colour}.solid"))
            edge = held.size[1] / 2 + 3
        else:
            streams.sheet.label(x, y + 4, f"{count:,}", size=SMALL, anchor="middle")
            edge = 9.0
        streams.sheet.wire(streams.tips[lane], Point(x, y + edge), arrow=False)
        streams.tips[lane] = Point(x, y - edge)
    top = y - tall / 2
    for lane in ("k", "v"):
        streams.sheet.put(drum(streams.at[lane] - 20, top - 22))
    streams.sheet.label(streams.at["v"] + 8, top - 13, "cached", size=SMALL, weight=500, role="ink")
    if "sinks" in streams.at:
        node = matrix(
            streams.at["sinks"],
            y,
            "sinks",
            fitting(["sinks"], [[f"{total:,}"]], streams.box)[0],
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
    by = "" if scale == 1 else f" / {root(scale)}"
    formula: Content = ("softmax( ", italic("q k"), superscript("T"), f"{by} ) ", italic("v"))
    on_hero(streams.sheet, node, -7 if capped else 0, formula, colour)
    if capped:
        within = f"scores kept within ± {capped:g} by tanh"
        on_hero(streams.sheet, node, 13, within, colour, size=11)
    return node


def _gate(streams: Lanes, use: Use, colour: Mechanism, last: Node) -> Node:
    """How much of the output passes, channel by channel."""
    times = operation(last.top.x, last.top.y - 22, "×", ground=f"{colour}.tint")
    streams.sheet.add(times)
    streams.sheet.wire(last.top, times.bottom)
    function = str(use.block.value("gate"))
    x, y = streams.at["gate"], last.centre.y
    said = ((function, ""),)
    node = snug(x, y, said, colour, streams.box, about=use.facts("gate", "gate"), tight=True)
    through = streams.rise("gate", node)
    streams.sheet.wire(through.top, Point(x, times.right.y), times.right)
    return times


def _output(streams: Lanes, use: Use, colour: Mechanism, last: Node) -> float:
    block = use.block
    out = _out(block)
    inner = block.number("heads") * block.number("head_dim")
    width = _width(block)
    shape = arrow(inner, width) + (f", {short(inner * width)}" if use.full else "")
    node = streams.sheet.add(
        matrix(last.top.x, last.top.y - GAP - 13, "out", shape, colour, about=use.about(out))
    )
    streams.sheet.wire(last.top, node.bottom)
    return leave(streams.sheet, node)


def _masks(sheet: Sheet, use: Use, colour: Mechanism, high: float) -> float:
    """The different ways of looking back, from the top down; gives back the height that all need."""
    found = views(use)
    high = raised(sheet, high, len(found) * HEIGHT + 16)
    x = use.width - EXTENT - MARGIN
    sheet.put(rule(x - 20, high, colour))
    step = min(HEIGHT + 20, (high - 16) / len(found))
    for i, view in enumerate(found):
        layers = f"{view.layers} layers" if len(found) > 1 else ""
        mask(sheet, x, 14 - high + i * step, view, layers)
    return high


def _saved(sheet: Sheet, use: Use, colour: Mechanism, high: float) -> float:
    """What shared keys and values save, at the right; gives back the height that is needed."""
    block = use.block
    total, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    return savings(
        sheet,
        use.width,
        high,
        colour,
        kept=(2 * kept * size, f"{kept:,} × {size:,}, twice"),
        whole=2 * total * size,
        otherwise=(f"with {total:,} heads of keys", f"and values, {size:,} each"),
    )
