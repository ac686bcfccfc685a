"""The upper half of attention's drawing: heads, what is added to the scores, softmax, and what its output passes."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import block_choice, indexer
from llm_gallery.figure.internals._fitting import ON_HERO, SIZES, SMALL, fit_shape, on_hero, product
from llm_gallery.figure.internals._lanes import Lanes
from llm_gallery.figure.internals._squares import heads, squares
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, hero, matrix
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.signs import CHIP, chip
from llm_gallery.figure.kit.text import fit, formula
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.attention_lanes import scale_of
from llm_gallery.mechanisms.attention_sizes import bias, sink_keys, value_dim
from llm_gallery.mechanisms.scalars import Scalar, grows_scores, scalars, temperature
from llm_gallery.mechanisms.wording import some


def scores(streams: Lanes, without: Sequence[str] = ()) -> Node:
    """From the lanes of queries, keys and values to the block of the softmax, but for those that pass it by."""
    head_squares(streams)
    return softmax(streams, [name for name in streams.at if name not in without])


def head_squares(streams: Lanes) -> None:
    """A square a head in each stream, and the drum where keys and values are kept."""
    counts = {
        fact: list(dict.fromkeys(block.number(fact) for block, _ in streams.use.variants))
        for fact in ("heads", "kv_heads")
    }
    queries, keys = (max(each) for each in counts.values())
    grids = heads(queries, keys, min(streams.box - 4, 104), 26)
    tall = max(12.0, *(each.size[1] for each in grids))
    y = streams.above(*streams.tips, high=tall, gap=18)
    for lane in "qkv":
        fact, shown = ("heads", grids[0]) if lane == "q" else ("kv_heads", grids[1])
        x, drawn = streams.at[lane], shown.countable and len(counts[fact]) == 1
        edge = shown.size[1] / 2 + 3 if drawn else 9.0
        if not drawn:
            count = some(counts[fact])
            said = "1 head" if count == "1" else f"{count} heads"
            words = said if extent(said, SMALL) <= streams.box else count
            streams.sheet.label(x, y + 4, words, size=SMALL, anchor="middle")
        streams.lead(lane, Point(x, y + edge), arrow=False)
        if drawn:
            streams.sheet.put(squares(shown, x, y, f"{streams.colour}.solid"))
        streams.tips[lane] = Point(x, y - edge)
        streams.sheet.goes_on(Point(x, y + edge), streams.tips[lane])
    if "bidirectional" not in streams.use.block.facts:
        _drums(streams, y)
    if "sinks" in streams.at:
        sinks(streams, y)
    if "b" in streams.at:
        _bias(streams, y)


def _drums(streams: Lanes, y: float) -> None:
    """What is kept of keys and values, above their squares at y."""
    base = min(streams.tips[lane].y for lane in "qkv") - 10
    kept = _cached(streams.use.block)
    for lane in "kv":
        streams.sheet.drum(streams.at[lane], base, kept[lane])
    after = streams.at["v"] + 8
    beside = streams.at.get("sinks", float("inf")) - streams.box / 2 - 4
    # Low and narrow, the sinks' block stands where the word would; the drum says it too.
    if after + extent("kept", SMALL, 500) <= beside or base < y - 13 - 4:
        streams.sheet.label(after, base, "kept", size=SMALL, weight=500, role="ink")


def _cached(block: Block) -> dict[str, int]:
    """How many numbers of keys and of values are kept of a token."""
    heads = block.number("kv_heads")
    return {"k": heads * block.number("head_dim"), "v": heads * value_dim(block)}


def sinks(streams: Lanes, y: float) -> None:
    """A learned score a head, or a key that makes one of its queries, on a stream of its own."""
    use, colour = streams.use, streams.colour
    keys = sink_keys(use.block)
    sizes = (
        (max(block.number("heads") for block, _ in use.variants),) if keys is None else keys.shape
    )
    shape = fit_shape("sinks", [product(*sizes)], streams.box)
    what = "one learned score a head" if keys is None else "one learned key, whose value is nothing"
    about = use.facts(f"sinks: {what}", "sinks")
    x, wide = streams.at["sinks"], streams.box
    streams.rise("sinks", matrix(x, y, "sinks", shape, colour, wide=wide, about=about))


def _bias(streams: Lanes, y: float) -> None:
    """What is added to each score for the distance that it spans."""
    use, block = streams.use, streams.use.block
    if block.value("position") == "alibi":
        about = use.facts("ALiBi: minus the distance, times a slope for each head", "position")
        forms = [("ALiBi", "− m distance"), ("− m distance", ""), ("ALiBi", "")]
        streams.pill("b", forms, "position", y=y, about=about)
        return
    table = next((t for t in block.tensors if t.role == "distances"), None)
    shape = "" if table is None else product(*table.shape)
    about = use.facts("bias for each head and distance", "position", "extent")
    forms = [("by distance", shape), ("table", shape)]
    forms += [(shape or "by distance", ""), ("by distance", "")]
    streams.pill("b", forms, "position", y=y, about=about)


ON_SCORES = ("scale_dim", "nope_dim", "score_scale", "rotated_scale", "softcap")
"""Facts of scalars on the scores, in the order in which a run multiplies."""


def on_scores(use: Use) -> list[tuple[Scalar, str]]:
    """Scalars on the scores, each with where it comes from, and with its layers where not all have it."""
    found: dict[Scalar, int] = {}
    for block, count in use.variants:
        for scalar in scalars(block):
            grown = scalar.facts == ("temperature_tuning",) and grows_scores(block)
            if scalar.facts[0] in ON_SCORES or grown:
                found[scalar] = found.get(scalar, 0) + count
    order = {name: place for place, name in enumerate(ON_SCORES)}
    every = sorted(found.items(), key=lambda pair: order.get(pair[0].facts[0], len(order)))
    return [
        (s, s.source if n == use.layers else f"{s.source}: {n} of {use.layers} layers")
        for s, n in every
    ]


def in_steps(
    streams: Lanes,
    asks: tuple[str, ...],
    joined: Sequence[str],
    product: str,
    summed: tuple[str, ...],
    about: About,
    edges: tuple[float, float, float] | None = None,
) -> Node:
    """Scores, what multiplies them, and the softmax over the values: a block, a wire with chips, a block.

    `asks` are the lanes that make the scores, `joined` all, `product` says what they make; `summed` is
    said on the second block, the first line larger. `edges` are the blocks' left one and the right ones of both.
    """
    sheet, use = streams.sheet, streams.use
    if edges is None:
        middle, wide = streams.across(joined[0], joined[-1])
        first_middle, first_wide = streams.across(asks[0], asks[-1])
        edges = middle - wide / 2, first_middle + first_wide / 2, middle + wide / 2
    left, nearer, right = edges
    y = streams.above(*streams.tips, high=36, gap=34)
    wide = nearer - left
    first = hero(left + wide / 2, y, "", streams.colour, wide=wide, high=36, about=about)
    streams.into(sheet.add(first), *asks)
    on_hero(sheet, first, 0, formula(product), streams.colour)
    x, tip = first.top.x, first.top
    after = [streams.at[name] for name in joined if streams.at[name] > x + 20 and name not in asks]
    end = min(after, default=use.width) - 18
    for scalar, source in on_scores(use):
        answer = use.facts(source, *scalar.facts)
        node = sheet.add(chip(x, tip.y - 14 - CHIP / 2, scalar.written, about=answer))
        sheet.wire(tip, node.bottom)
        said = fit((source, source.partition(":")[0]), end - node.right.x - 8, SIZES)
        if said is not None and said[0] != "scores":
            sheet.label(node.right.x + 8, node.right.y + 4, said[0], size=said[1])
        tip = node.top
    high = 36.0 + 16 * (len(summed) - 1)
    bottom = tip.y - 18
    last = hero(
        (left + right) / 2, bottom - high / 2, "", streams.colour, wide=right - left, high=high
    )
    sheet.add(last)
    sheet.wire(tip, Point(x, bottom))
    streams.into(last, *(name for name in joined if name not in asks))
    up = -8.0 * (len(summed) - 1)
    on_hero(sheet, last, up, formula(summed[0]), streams.colour)
    for i, line in enumerate(summed[1:]):
        on_hero(sheet, last, up + 18 + 16 * i, line, streams.colour, size=SMALL)
    return last


def softmax(streams: Lanes, joined: Sequence[str]) -> Node:
    """The weighted sum of the values, and in small type what bounds or chooses the scores."""
    use, block = streams.use, streams.use.block
    keys = ("heads", "kv_heads", "head_dim", "scale_dim", "softcap")
    about = use.facts("attention", *keys, *(() if use.full else ("selected",)))
    if use.full:
        choice = indexer.chosen(use) or block_choice.chosen(use)
        left = [masked] if (masked := most_said(block)) else []
        summed = (f"softmax( scores{bias(block)} ) _v_", *([choice] if choice else []), *left)
        return in_steps(streams, ("q", "k"), joined, "scores = _q k_^T^", summed, about)
    below = [bounded] if (bounded := softcap(block)) else []
    grown = temperature(block) if grows_scores(block) else None
    below += [] if grown is None else [f"{grown.written} at positions p beyond that"]
    choice = indexer.chosen(use) or block_choice.chosen(use)
    below += [choice] if choice else []
    below += [masked] if (masked := most_said(block)) else []
    high, middle = 36.0 + 15 * len(below), -7.5 * len(below)
    node = streams.over(joined, high=high, gap=24, about=about, below="qkv")
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, (int, float)) and scale != 1 else ""
    words = f"softmax( {factor}_q k_^T^{scale_of(use.variants)}{bias(block)} ) _v_"
    on_hero(streams.sheet, node, middle, formula(words), streams.colour)
    for i, line in enumerate(below):
        if fitted := fit((line,), node.box.width - ON_HERO, SIZES):
            on_hero(streams.sheet, node, middle + 19 + 15 * i, line, streams.colour, size=fitted[1])
    return node


def most_said(block: Block) -> str:
    """How many tokens a mask of the values' own leaves."""
    left = block.value("dynamic_mask")
    return f"of more than {left:,} tokens those of the largest m" if left else ""


def softcap(block: Block) -> str:
    """What bounds the scores, in words."""
    cap = block.value("softcap")
    return f"scores bent to stay within ± {cap:g}" if cap else ""
