"""Attention over a window and a compressed past as a drawing: one entry a token is key and value in one.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from llm_gallery.architecture.block import join
from llm_gallery.figure.internals import indexer
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
    product,
    slanted,
    snug,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix, pill, trapezoid
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Content, cut, italic, superscript, width
from llm_gallery.figure.tooltip import tooltip as of
from llm_gallery.mechanisms import colour_of, label
from llm_gallery.mechanisms.colour import Colour

BROADEST = 190


def inset(use: Use) -> Inset:
    """Queries, the window's entries, those of the compressed past where there is one, and the sinks."""
    block, colour = use.block, colour_of(use.block)
    names = ["q", "kv", *(["past"] if "ratio" in block.facts else []), "sinks"]
    streams = lanes(Sheet(), names, MARGIN, use.width - MARGIN, BROADEST)
    fed = [_queries(streams, use, colour), _entries(streams, use, colour)]
    if "past" in names:
        fed += _past(streams, use, colour)
    fork(streams.sheet, streams.middle("q", names[-2]), fed)
    _rotation(streams, use, names[:-1])
    node = _softmax(streams, use, colour, names)
    high = _output(streams.sheet, use, colour, node)
    sheet, high = indexer.below(use, streams.sheet, high, colour)
    return Inset(
        title=_title(use),
        note=use.note("key and value in one"),
        mechanism=colour,
        body=body(sheet, use.width, high),
    )


def _title(use: Use) -> str:
    """The short name, and what it stands for."""
    block = use.block
    if "ratio" not in block.facts:
        name = label(block)
        return name[0].upper() + name[1:]
    return (
        "Compressed sparse attention"
        if "selected" in block.facts
        else "Heavily compressed attention"
    )


def _queries(streams: Lanes, use: Use, colour: Colour) -> Point:
    """Through a latent, then up to all heads; in DeepSeek V4 each head is normed once more."""
    block, x, box = use.block, streams.at["q"], streams.box
    held = ("query_down", "query_latent_norm", "query")
    down, norm, up = map(block.part, held)
    rank, inputs = block.number("query_rank"), 0 if down is None else down.number("inputs")
    heads = product(block.number("heads"), block.number("head_dim"))
    node = streams.rise(
        "q",
        slanted(x, FIRST, inputs, rank, colour, wide=box, narrowing=True, about=use.about(down)),
    )
    entry = node.bottom
    y, wide = node.top.y - GAP - 11, min(box, 84.0)
    node = streams.rise("q", pill(x, y, "RMSNorm", wide=wide, about=use.about(norm)))
    y, about = node.top.y - GAP - 13, use.about(up)
    streams.rise("q", slanted(x, y, rank, heads, colour, wide=box, narrowing=False, about=about))
    if block.value("query_norm"):
        y, about = streams.tips["q"].y - GAP - 11, use.facts("norm of each head", "query_norm")
        said = (("RMSNorm", "no weights"), ("RMSNorm", ""))
        streams.rise("q", snug(x, y, said, "norm", box, about=about))
    return entry


def _entries(streams: Lanes, use: Use, colour: Colour) -> Point:
    """One entry a token, kept for as long as the window holds it."""
    entry, x = use.block.part("key_value"), streams.at["kv"]
    size = use.block.number("head_dim")
    forms = [[arrow(0 if entry is None else entry.number("inputs"), size)], [arrow("", size)]]
    shape = fitting([italic("k")], forms, streams.box)[0]
    about = use.about(entry)
    node = matrix(x, FIRST, italic("k"), shape, colour, wide=streams.box, about=about)
    streams.rise("kv", node)
    y, about = node.top.y - GAP - 11, use.about(use.block.part("key_value_norm"))
    streams.rise("kv", pill(x, y, "RMSNorm", wide=min(84.0, streams.box), about=about))
    return node.bottom


def _past(streams: Lanes, use: Use, colour: Colour) -> list[Point]:
    """Neighbouring tokens weighted into one entry, or the entries that an earlier layer made."""
    x, box, sheet = streams.at["past"], streams.box, streams.sheet
    held = next((b for b, _ in use.variants if b.child("compressor") is not None), None)
    made = None if held is None else held.child("compressor")
    if held is None or made is None:
        lent = (("an earlier layer's entries", ""), ("an earlier layer's", ""))
        whose = use.facts("compressed past of an earlier layer", "shared_stream", "ratio")
        streams.rise("past", snug(x, FIRST, lent, colour, box, dashed=True, about=whose))
        return []
    path = join(use.path, made.name)
    entry, gate, norm = map(made.part, ("key_value", "gate", "key_value_norm"))
    rows = 0 if entry is None else entry.number("outputs")
    symbols: Content = italic("c") if gate is None else (italic("c"), ", gates")
    outputs = f"{rows:,}" if gate is None else f"2 × {rows:,}"
    shape = fitting([symbols], [[arrow("", outputs)], [outputs]], box)[0]
    about = None if entry is None else of(join(path, entry.name), entry)
    node = streams.rise("past", matrix(x, FIRST, symbols, shape, colour, wide=box, about=about))
    entry_at = node.bottom
    ratio, reads = held.number("ratio"), held.number("ratio") * rows // held.number("head_dim")
    if gate is not None:
        often = "" if reads == ratio else f"every {ratio:,}"
        said = ((f"{reads:,} tokens → 1", often), (f"{reads:,} → 1", often), (f"{reads:,} → 1", ""))
        y, about = node.top.y - GAP - 11, of(path, made, "weighted by a softmax of the gates")
        node = streams.rise("past", snug(x, y, said, "convolution", box, about=about))
    if norm is not None:
        y, about = node.top.y - GAP - 11, of(join(path, norm.name), norm)
        streams.rise("past", pill(x, y, "RMSNorm", wide=min(84.0, box), about=about))
    having = use.count(lambda block: block.child("compressor") is not None)
    if having < use.layers:
        said_of = f"in {having:,} of {use.layers:,} layers"
        sheet.label(x, FOOT - 1, said_of, size=SMALL, anchor="middle")
    return [entry_at]


def _rotation(streams: Lanes, use: Use, names: list[str]) -> None:
    """Part of each head turns; what outlives its token is marked."""
    block, sheet = use.block, streams.sheet
    y = min(streams.tips[name].y for name in names) - GAP - 11
    partly = f"{block.number('rotated'):,} / {block.number('head_dim'):,}"
    every = ("rotated", "rope_base", "rope_scaling", "rope_factor")
    for name in names:
        keys = every if name == "q" else every[:1]  # keys turn as queries do
        said = (("RoPE", partly), ("RoPE", ""))
        wide = min(96.0, streams.box)
        about = use.facts("RoPE", *keys)
        streams.rise(name, snug(streams.at[name], y, said, "position", wide, about=about))
    kept = {"kv": f"last {block.number('window'):,}", "past": "cached"}
    for name in names[1:]:
        tip = streams.tips[name]
        sheet.put(drum(tip.x - 20, tip.y - 17))
        sheet.label(tip.x + 8, tip.y - 8, kept[name], size=SMALL, weight=500, role="ink")


def _softmax(streams: Lanes, use: Use, colour: Colour, names: list[str]) -> Node:
    block, sheet = use.block, streams.sheet
    top = min(streams.tips[name].y for name in names[:-1])
    x, wide = streams.at["sinks"], streams.box
    shape = fitting(["sinks"], [[f"{block.number('heads'):,}"]], wide)[0]
    about = use.facts("sinks: one learned score a head", "sinks")
    streams.rise("sinks", matrix(x, top + 13, "sinks", shape, colour, wide=wide, about=about))
    span = streams.span("q", "sinks")
    keys = ("heads", "head_dim", "window", "ratio", "selected", "sinks")
    about = use.facts("attention", *keys)
    middle = streams.middle("q", "sinks")
    node = sheet.add(hero(middle, top - 24 - 25, "", colour, wide=span, high=50, about=about))
    streams.into(node, *names)
    by = f" / √{block.number('head_dim'):,} ) "
    formula: Content = ("softmax( ", italic("q k"), superscript("T"), by, italic("k"))
    on_hero(sheet, node, -7, formula, colour)
    said = next((s for s in _seen(use) if width(s, 11) <= span - 10), "")
    on_hero(sheet, node, 13, said, colour, size=11)
    return node


def _seen(use: Use) -> tuple[str, ...]:
    """What a query sees, in words, from long to short."""
    block = use.block
    window = f"the last {block.number('window'):,} tokens"
    if "ratio" not in block.facts:
        return (f"over {window}", "")
    ratios = sorted({b.number("ratio") for b, _ in use.variants})
    spoken = " or ".join(f"{ratio:,}" for ratio in ratios)
    of_tokens = "" if ratios == [1] else f" of {spoken} tokens"
    which = f"{block.number('selected'):,} chosen" if "selected" in block.facts else "all"
    return (
        f"over {window} and {which} entries{of_tokens}",
        f"over {window} and {which} entries",
        f"{which} entries{of_tokens}",
    )


def _output(sheet: Sheet, use: Use, colour: Colour, node: Node) -> float:
    """The rotation that values took along is undone; then groups of heads, each through a rank of its own."""
    block, x = use.block, node.centre.x
    about = use.facts("the output is rotated back", "rotated")
    back = sheet.add(pill(x, node.top.y - GAP - 11, "RoPE", "position", note="undone", about=about))
    sheet.wire(node.top, back.bottom)
    groups, rank = block.number("output_groups"), block.number("output_rank")
    inner = block.number("heads") * block.number("head_dim")
    first, out = block.part("output_down"), block.part("output")
    room = min(280.0, use.width - 2 * MARGIN)
    said = f"{groups:,} groups, each {arrow(inner // groups, rank)}"
    if width(said, 12, 500) > room - 34:
        said = f"{groups:,} × ({arrow(inner // groups, rank)})"
    low = sheet.add(
        trapezoid(
            x,
            back.top.y - GAP - 13,
            cut(said, room - 34, 12, 500),
            colour,
            narrowing=True,
            wide=room,
            high=26,
            about=use.about(first),
        )
    )
    sheet.wire(back.top, low.bottom)
    shape = arrow(groups * rank, 0 if out is None else out.number("outputs"))
    last = matrix(x, low.top.y - GAP - 13, "out", shape, colour, about=use.about(out))
    sheet.wire(low.top, sheet.add(last).bottom)
    return leave(sheet, last)
