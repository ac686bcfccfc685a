"""The upper half of attention's drawing: heads, what is added to the scores, softmax, and what its output passes."""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._lanes import (
    GAP,
    SMALL,
    Lanes,
    arrow,
    fitting,
    leave,
    on_hero,
    scaled,
    snug,
)
from llm_gallery.figure.internals._projections import out_width, width
from llm_gallery.figure.internals._squares import heads, squares
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.blocks import Node, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum, operation
from llm_gallery.figure.kit.text import Content, fit, italic, superscript
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import root

BESIDE = ("sinks", "b", "λ", "gate")
"""Streams that may stand right of q, k and v, from the left."""


def beside(block: Block) -> list[str]:
    """Those of them that the block has."""
    biased = block.value("position") in ("relative", "alibi")
    has = {
        "sinks": "sinks" in block.facts,
        "b": biased,
        "λ": "noise_heads" in block.facts,
        "gate": "gate" in block.facts,
    }
    return [name for name in BESIDE if has[name]]


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
    biased = (f"{by} + ", italic("b"), " ) ") if "b" in beside(block) else (f"{by} ) ",)
    return (first, italic("q k"), superscript("T"), *biased, italic("v"))


def subtracted(streams: Lanes, use: Use, colour: Colour, last: Node) -> Node:
    """The noise heads, times a learned factor, taken from the others."""
    block, sheet = use.block, streams.sheet
    noise = block.number("noise_heads")
    x, aside = last.top.x, last.top.x + min(96.0, last.box.width / 2 - 14)
    y = last.top.y - 28
    minus = sheet.add(operation(x, y, "−", ground=f"{colour}.tint"))
    times = sheet.add(operation(aside, y, "×", ground=f"{colour}.tint"))
    sheet.wire(last.top, minus.bottom)
    sheet.wire(Point(aside, last.top.y), times.bottom)
    sheet.wire(times.left, minus.right)
    sheet.label(
        x - 8, last.top.y - 7, f"{block.number('heads') - noise:,} heads", size=SMALL, anchor="end"
    )
    sheet.label(aside + 8, last.top.y - 7, f"{noise:,} noise", size=SMALL)
    about = use.facts("how much of the noise is subtracted", "noise_heads")
    learned = "λ" in streams.tips
    said = (("sigmoid", ""), ("σ", "")) if learned else (("learned", ""), ("λ", ""))
    node = snug(streams.at["λ"], last.centre.y, said, colour, streams.box, about=about, tight=True)
    streams.rise("λ", node)
    sheet.wire(node.top, Point(node.top.x, y), times.right)
    return minus


def gated(streams: Lanes, use: Use, colour: Colour, hero: Node, last: Node) -> Node:
    """How much of the output passes, channel by channel or head by head."""
    x = last.top.x
    times = operation(x, last.top.y - 22, "×", ground=f"{colour}.tint")
    streams.sheet.add(times)
    streams.sheet.wire(last.top, times.bottom)
    function = str(use.block.value("gate"))
    at, y = streams.at["gate"], hero.centre.y
    said = ((function, ""),)
    about = use.facts("gate", "gate")
    node = snug(at, y, said, colour, streams.box, about=about, tight=True)
    through = streams.rise("gate", node)
    streams.sheet.wire(through.top, Point(at, times.right.y), times.right)
    return times


def left(streams: Lanes, use: Use, colour: Colour, last: Node) -> float:
    """The norm before the output, if any, and the matrix back to the stream; gives back the height."""
    block, sheet = use.block, streams.sheet
    if "output_norm" in block.facts:
        held = block.part("output_norm")
        plain = use.facts("norm of the heads' output", "output_norm")
        y, about = last.top.y - GAP - 11, use.about(held) or plain
        norm = sheet.add(pill(last.top.x, y, "RMSNorm", about=about))
        sheet.wire(last.top, norm.bottom)
        last = norm
    stream = width(block)
    inner = either(out_width(b) for b, _ in use.variants)
    shape = arrow(inner, stream)
    if use.full:
        counted = f"{shape}, {either((out_width(b) * stream for b, _ in use.variants), short)}"
        shape = fitting(["out"], [[counted], [shape]], streams.span("q", "v"))[0]
    y, end = last.top.y - GAP - 13, use.about(block.part("output"))
    node = sheet.add(matrix(last.top.x, y, "out", shape, colour, about=end))
    sheet.wire(last.top, node.bottom)
    scaled(sheet, node.top, block.value("output_scale"))
    return leave(sheet, node)
