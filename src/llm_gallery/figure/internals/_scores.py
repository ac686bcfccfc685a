"""The upper half of attention's drawing: heads, what is added to the scores, softmax, and what its output passes."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._lanes import (
    SMALL,
    Lanes,
    fitting,
    on_hero,
    snug,
)
from llm_gallery.figure.internals._squares import heads, squares
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.blocks import Node, hero, matrix
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Content, fit, italic, superscript
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.attention_lanes import biased
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import root


def scores(streams: Lanes, use: Use, colour: Colour) -> Node:
    """From the lanes of queries, keys and values to the block of the softmax."""
    shown_heads(streams, use, colour)
    return softmax(streams, use, colour)


def shown_heads(streams: Lanes, use: Use, colour: Colour) -> None:
    """A square a head in each stream, and the drum where keys and values are kept."""
    total = {block.number("heads") for block, _ in use.variants}
    kept = {block.number("kv_heads") for block, _ in use.variants}
    asked, shared = heads(max(total), max(kept), min(streams.box - 4, 104), 26)
    tall = max(12.0, asked.size[1], shared.size[1])
    y = min(tip.y for tip in streams.tips.values()) - 18 - tall / 2
    counts = {
        "q": (asked, either(b.number("heads") for b, _ in use.variants), len(total)),
        "k": (shared, either(b.number("kv_heads") for b, _ in use.variants), len(kept)),
    }
    for lane in ("q", "k", "v"):
        held, count, differ = counts["q" if lane == "q" else "k"]
        x = streams.at[lane]
        if held.countable and differ == 1:
            here = squares(held, x, y, f"{colour}.solid")
            edge = held.size[1] / 2 + 3
        else:
            here, edge = None, 9.0
            said = count if extent(count, SMALL) <= streams.box else count.split(" / ")[0]
            streams.sheet.label(x, y + 4, said, size=SMALL, anchor="middle")
        streams.lead(lane, Point(x, y + edge), arrow=False)
        if here is not None:
            streams.sheet.put(here)
        streams.tips[lane] = Point(x, y - edge)
    top = min(streams.tips[lane].y for lane in ("q", "k", "v")) + 3
    for lane in ("k", "v"):
        streams.sheet.put(drum(streams.at[lane] - 20, top - 22))
    after = streams.at["v"] + 8
    beside = streams.at.get("sinks", float("inf")) - streams.box / 2 - 4
    # Low and narrow, the sinks' block stands where the word would; the drum says it too.
    if after + extent("cached", SMALL, 500) <= beside or top - 13 < y - 13 - 4:
        streams.sheet.label(after, top - 13, "cached", size=SMALL, weight=500, role="ink")
    if "sinks" in streams.at:
        said = fitting(["sinks"], [[f"{max(total):,}"]], streams.box)[0]
        about = use.facts("sinks: one learned score a head", "sinks")
        x, wide = streams.at["sinks"], streams.box
        streams.rise("sinks", matrix(x, y, "sinks", said, colour, wide=wide, about=about))
    if "b" in streams.at:
        _bias(streams, use, y, colour)


def _bias(streams: Lanes, use: Use, y: float, colour: Colour) -> None:
    """What is added to each score for the distance that it spans."""
    block, x = use.block, streams.at["b"]
    if block.value("position") == "alibi":
        about = use.facts("ALiBi: minus the distance, times a slope for each head", "position")
        said = (("ALiBi", "− m distance"), ("− m distance", ""), ("ALiBi", ""))
        streams.rise("b", snug(x, y, said, "position", streams.box, about=about))
        return
    reach = block.value("extent")
    stored = next((t for t in block.tensors if len(t.shape) == 2), None)
    shape = "" if stored is None else " × ".join(f"{n:,}" for n in stored.shape)
    about = use.facts("bias for each head and distance", "position", "extent")
    forms = (
        ("by distance", shape),
        ("table", shape),
        (shape or "by distance", ""),
        ("by distance", ""),
    )
    node = streams.rise("b", snug(x, y, forms, "position", streams.box, about=about))
    if reach:
        words = f"to {reach:,}"
        if extent(words, SMALL) + 10 <= streams.box / 2 + 8:
            streams.sheet.label(x + 8, node.top.y - 8, words, size=SMALL)


def softmax(streams: Lanes, use: Use, colour: Colour) -> Node:
    """The weighted sum of the values, and in small type what bounds or chooses the scores."""
    block = use.block
    joined = [name for name in streams.at if name not in ("gate", "λ")]
    over = indexer.chosen(use)
    capped = block.value("softcap")
    below = [f"scores kept within ± {capped:g} by tanh"] if capped else []
    below += [over] if over else []
    high = 36.0 + 15 * len(below)
    top = min(streams.tips[name].y for name in ("q", "k", "v"))
    keys = ("heads", "kv_heads", "head_dim", "scale_dim", "softcap", "selected")
    span = streams.span(joined[0], joined[-1])
    about = use.facts("attention", *keys)
    x = streams.middle(joined[0], joined[-1])
    node = streams.sheet.add(
        hero(x, top - 24 - high / 2, "", colour, wide=span, high=high, about=about)
    )
    streams.into(node, *joined)
    on_hero(streams.sheet, node, -7.5 * len(below), _formula(block), colour)
    for i, line in enumerate(below):
        down = -7.5 * len(below) + 19 + 15 * i
        if found := fit((line,), span - 8, (11, 10, 9.5)):
            on_hero(streams.sheet, node, down, line, colour, size=found[1])
    return node


def _formula(block: Block) -> Content:
    """The scores with their scale and bias, and the values that they weigh."""
    scale, times = block.number("scale_dim"), block.value("score_scale")
    by = "" if scale == 1 else f" / {root(scale)}"
    first = "softmax( " if times in (None, 1) else f"softmax( {times:.4g} "
    ends = (f"{by} + ", italic("b"), " ) ") if biased(block) else (f"{by} ) ",)
    return (first, italic("q k"), superscript("T"), *ends, italic("v"))
