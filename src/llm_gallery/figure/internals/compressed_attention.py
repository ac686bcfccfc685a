"""Attention over a window and a compressed past as a drawing: one entry a token is key and value in one.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, join
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._fitting import (
    SMALL,
    arrow,
    fit_shape,
    on_hero,
    product,
    slanted,
)
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    MARGIN,
    Lanes,
    Trunk,
    body,
    fork,
    kept_mark,
    lanes,
)
from llm_gallery.figure.internals._scores import sinks
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import MATRIX, Node, Sheet, trapezoid
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, cut, formula, italic, width
from llm_gallery.figure.tooltip import tooltip
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
    return use.inset(_title(use), colour, body(sheet, use.width, high), "key and value in one")


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
    block, x, wide = use.block, streams.at["q"], streams.box
    down, norm, up = map(block.part, ("query_down", "query_latent_norm", "query"))
    rank, inputs = block.number("query_rank"), size(down, "inputs")
    heads, about = product(block.number("heads"), block.number("head_dim")), use.about(down)
    node = slanted(x, FIRST, inputs, rank, colour, wide=wide, narrowing=True, about=about)
    entry = streams.rise("q", node).bottom
    streams.norm("q", use.about(norm))
    y, about = streams.above("q", high=MATRIX), use.about(up)
    streams.rise("q", slanted(x, y, rank, heads, colour, wide=wide, narrowing=False, about=about))
    if block.value("query_norm"):
        about = use.facts("norm of each head", "query_norm")
        forms = (("RMSNorm", "no weights"), ("RMSNorm", ""))
        streams.pill("q", forms, "norm", about=about)
    return entry


def _entries(streams: Lanes, use: Use, colour: Colour) -> Point:
    """One entry a token, kept for as long as the window holds it."""
    entry, outputs = use.block.part("key_value"), use.block.number("head_dim")
    forms = [arrow(size(entry, "inputs"), outputs), arrow("", outputs)]
    shape = fit_shape(italic("k"), forms, streams.box)
    node = streams.matrix("kv", italic("k"), shape, colour, use.about(entry))
    streams.norm("kv", use.about(use.block.part("key_value_norm")))
    return node.bottom


def _compresses(block: Block) -> bool:
    """Whether a block makes entries of its own."""
    return block.child("compressor") is not None


def _past(streams: Lanes, use: Use, colour: Colour) -> list[Point]:
    """Neighbouring tokens weighted into one entry, or the entries that an earlier layer made."""
    x, box, sheet = streams.at["past"], streams.box, streams.sheet
    block = next((b for b, _ in use.variants if _compresses(b)), None)
    compressor = None if block is None else block.child("compressor")
    if block is None or compressor is None:
        lent = (("an earlier layer's entries", ""), ("an earlier layer's", ""))
        whose = use.facts("compressed past of an earlier layer", "shared_stream", "ratio")
        streams.pill("past", lent, colour, y=FIRST, dashed=True, about=whose)
        return []
    path = join(use.path, compressor.name)
    entry, gate, norm = map(compressor.part, ("key_value", "gate", "key_value_norm"))
    rows = size(entry, "outputs")
    symbols: Content = italic("c") if gate is None else (italic("c"), ", gates")
    outputs = f"{rows:,}" if gate is None else f"2 × {rows:,}"
    shape = fit_shape(symbols, [arrow("", outputs), outputs], box)
    about = None if entry is None else tooltip(join(path, entry.name), entry)
    bottom = streams.matrix("past", symbols, shape, colour, about).bottom
    ratio = block.number("ratio")
    reads = ratio * rows // block.number("head_dim")
    if gate is not None:
        often = "" if reads == ratio else f"every {ratio:,}"
        forms = (
            (f"{reads:,} tokens → 1", often),
            (f"{reads:,} → 1", often),
            (f"{reads:,} → 1", ""),
        )
        about = tooltip(path, compressor, "weighted by a softmax of the gates")
        streams.pill("past", forms, "convolution", about=about)
    if norm is not None:
        streams.norm("past", tooltip(join(path, norm.name), norm))
    if scope := use.scope(_compresses):
        words = f"in {scope} layers"
        sheet.label(x, FOOT - 1, words, size=SMALL, anchor="middle")
    return [bottom]


def _rotation(streams: Lanes, use: Use, names: list[str]) -> None:
    """Part of each head turns; what outlives its token is marked."""
    block = use.block
    y, wide = streams.above(*names), min(96.0, streams.box)
    partly = f"{block.number('rotated'):,} / {block.number('head_dim'):,}"
    every = ("rotated", "rope_base", "rope_scaling", "rope_factor")
    for name in names:
        keys = every if name == "q" else every[:1]  # keys turn as queries do
        about, forms = use.facts("RoPE", *keys), (("RoPE", partly), ("RoPE", ""))
        streams.pill(name, forms, "position", y=y, room=wide, about=about)
    spans = {"kv": f"last {block.number('window'):,}", "past": "cached"}
    for name in names[1:]:
        kept_mark(streams.sheet, streams.at[name], streams.tips[name].y - 8, spans[name])


def _softmax(streams: Lanes, use: Use, colour: Colour, names: list[str]) -> Node:
    block, sheet = use.block, streams.sheet
    top = min(streams.tips[name].y for name in names[:-1])
    sinks(streams, use, top + MATRIX / 2, colour)
    keys = ("heads", "head_dim", "window", "ratio", "selected", "sinks")
    about = use.facts("attention", *keys)
    node = streams.over(names, colour, high=50, gap=24, about=about, below=names[:-1])
    words = f"softmax( _q k_^T^ / √{block.number('head_dim'):,} ) _k_"
    on_hero(sheet, node, -7, formula(words), colour)
    words_seen = next(
        (line for line in _seen_words(use) if width(line, 11) <= node.box.width - 10), ""
    )
    on_hero(sheet, node, 13, words_seen, colour, size=11)
    return node


def _seen_words(use: Use) -> tuple[str, ...]:
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
    block, x, trunk = use.block, node.centre.x, Trunk(sheet, node.top)
    about = use.facts("the output is rotated back", "rotated")
    trunk.pill("RoPE", "position", note="undone", about=about)
    groups, rank = block.number("output_groups"), block.number("output_rank")
    inner = block.number("heads") * block.number("head_dim")
    first, out = block.part("output_down"), block.part("output")
    room = min(280.0, use.width - 2 * MARGIN)
    words = f"{groups:,} groups, each {arrow(inner // groups, rank)}"
    if width(words, 12, 500) > room - 34:
        words = cut(f"{groups:,} × ({arrow(inner // groups, rank)})", room - 34, 12, 500)
    y, low = trunk.above(MATRIX), use.about(first)
    trunk.join(trapezoid(x, y, words, colour, narrowing=True, wide=room, high=MATRIX, about=low))
    shape = arrow(groups * rank, size(out, "outputs"))
    trunk.matrix("out", shape, colour, about=use.about(out))
    return trunk.leave()
