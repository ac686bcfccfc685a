"""Attention over a window and a compressed past as a drawing: one entry a token is key and value in one.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._board import FOOT, MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fit_shape, on_hero, product
from llm_gallery.figure.internals._lanes import Lanes, Trunk, lanes
from llm_gallery.figure.internals._savings import scale
from llm_gallery.figure.internals._scores import sinks
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import MATRIX, Node, trapezoid
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import CHIP, chip
from llm_gallery.figure.kit.text import Content, cut, formula, italic, width
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.attention_lanes import turns
from llm_gallery.mechanisms.scalars import divisor
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import EXTENSION

BROADEST = 190


def inset(use: Use) -> Inset:
    """Queries, the window's entries, those of the compressed past where there is one, and the sinks."""
    names = ["q", "kv", *(["past"] if "ratio" in use.block.facts else []), "sinks"]
    sheet = Board(use=use, colour=colour_of(use.block))
    sheet.drums = scale(use.block) if use.full else 0.0
    streams = lanes(sheet, names, BROADEST)
    fed = [_queries(streams), _entries(streams)]
    if "past" in names:
        fed += _past(streams)
    sheet.fork(streams.middle("q", names[-2]), fed)
    _rotation(streams, names[:-1])
    high = _output(sheet, _softmax(streams, names))
    high += indexer.below(sheet)
    block = use.block
    entry = ("_c_: what entries are made of",) * ("ratio" in block.facts)
    heads = f"_q_: {block.number('heads'):,} heads of {block.number('head_dim'):,}"
    own = heads, "_k_: key and value in one", *entry, *turns(use.variants)
    sheet.symbols = (*own, *indexer.symbols(use))
    return sheet.inset(_title(use), high, "key and value in one")


def _title(use: Use) -> str:
    """What it is called, as its block in the frame where it has the window alone."""
    block = use.block
    if "ratio" not in block.facts:
        return title(block)
    return (
        "Compressed sparse attention"
        if "selected" in block.facts
        else "Heavily compressed attention"
    )


def _queries(streams: Lanes) -> Point:
    """Through a latent, then up to all heads; in DeepSeek V4 each head is normed once more."""
    use, block = streams.use, streams.use.block
    x, wide, about = streams.at["q"], streams.box, use.about("query_down")
    rank, inputs = block.number("query_rank"), size(block.part("query_down"), "inputs")
    heads = product(block.number("heads"), block.number("head_dim"))
    sheet, set_with = streams.sheet, streams.sheet.spacing
    y = set_with.first
    node = sheet.slanted(x, y, inputs, rank, wide=wide, narrowing=True, about=about)
    entry = streams.rise("q", node).bottom
    streams.norm("q", use.about("query_latent_norm"))
    y, about = streams.above("q", high=set_with.matrix), use.about("query")
    node = sheet.slanted(x, y, rank, heads, wide=wide, narrowing=False, about=about)
    streams.rise("q", node)
    if block.value("query_norm"):
        about = use.facts("norm of each head", "query_norm")
        forms = (("RMSNorm", "no weights"), ("RMSNorm", ""))
        streams.pill("q", forms, "norm", about=about)
    return entry


def _entries(streams: Lanes) -> Point:
    """One entry a token, kept for as long as the window holds it."""
    use = streams.use
    entry, outputs = use.block.part("key_value"), use.block.number("head_dim")
    forms = [arrow(size(entry, "inputs"), outputs), arrow("", outputs)]
    shape = fit_shape(italic("k"), forms, streams.box)
    node = streams.matrix("kv", italic("k"), shape, use.about(entry))
    streams.norm("kv", use.about("key_value_norm"))
    return node.bottom


def _compresses(block: Block) -> bool:
    """Whether a block makes entries of its own."""
    return block.child("compressor") is not None


def _past(streams: Lanes) -> list[Point]:
    """Neighbouring tokens weighted into one entry, or the entries that an earlier layer made."""
    use = streams.use
    block = next((b for b, _ in use.variants if _compresses(b)), None)
    compressor = None if block is None else block.child("compressor")
    if block is None or compressor is None:
        lent = (("an earlier layer's entries", ""), ("an earlier layer's", ""))
        whose = use.facts("compressed past of an earlier layer", "shared_stream", "ratio")
        y = streams.sheet.spacing.first
        streams.pill("past", lent, streams.colour, y=y, dashed=True, about=whose)
        return []
    entry, gate, norm = map(compressor.part, ("key_value", "gate", "key_value_norm"))
    rows = size(entry, "outputs")
    symbols: Content = italic("c") if gate is None else (italic("c"), ", gates")
    outputs = f"{rows:,}" if gate is None else f"2 × {rows:,}"
    shape = fit_shape(symbols, [arrow("", outputs), outputs], streams.box)
    both = short(sum(stored(part) for part in (entry, gate) if part is not None))
    bottom = streams.matrix("past", symbols, shape, use.about(entry), both).bottom
    ratio = block.number("ratio")
    reads = ratio * rows // block.number("head_dim")
    if gate is not None:
        often = "" if reads == ratio else f"every {ratio:,}"
        brief = f"{reads:,} → 1"
        forms = (f"{reads:,} tokens → 1", often), (brief, often), (brief, "")
        about = use.about(compressor, "weighted by a softmax of the gates")
        streams.pill("past", forms, "convolution", about=about)
    if norm is not None:
        streams.norm("past", use.about(norm))
    if scope := use.scope(_compresses):
        x, words = streams.at["past"], f"in {scope} layers"
        streams.sheet.label(x, FOOT - 1, words, size=SMALL, anchor="middle")
    return [bottom]


def _rotation(streams: Lanes, names: list[str]) -> None:
    """Part of each head turns; what outlives its token is marked."""
    use, block = streams.use, streams.use.block
    y, wide = streams.above(*names), min(96.0, streams.box)
    partly = f"{block.number('rotated'):,} / {block.number('head_dim'):,}"
    every = ("rotated", "rope_base", *EXTENSION)
    for name in names:
        keys = every if name == "q" else every[:1]  # keys turn as queries do
        about, forms = use.facts("RoPE", *keys), (("RoPE", partly), ("RoPE", ""))
        streams.pill(name, forms, "position", y=y, room=wide, about=about)
    spans = {"kv": f"last {block.number('window'):,}", "past": "kept"}
    entry = block.number("head_dim")
    ratio = block.number("ratio") if "ratio" in block.facts else 1
    kept = {"kv": entry, "past": entry // ratio}  # of a token
    for name in names[1:]:
        x, y = streams.at[name], streams.tips[name].y - 8
        streams.sheet.kept_mark(x, y, spans[name], kept[name])


def _softmax(streams: Lanes, names: list[str]) -> Node:
    use, block, sheet, colour = streams.use, streams.use.block, streams.sheet, streams.colour
    top = min(streams.tips[name].y for name in names[:-1])
    sinks(streams, top + MATRIX / 2)
    keys = ("heads", "head_dim", "window", "ratio", "selected", "sinks")
    about = use.facts("attention", *keys)
    over = f" / {root(block.number('head_dim'))}"
    if use.full and (divided := divisor(block)) is not None:
        answer = use.facts(divided.source, *divided.facts)
        y, over = streams.above("q", high=CHIP), ""
        streams.rise("q", chip(streams.at["q"], y, divided.written, about=answer))
    node = streams.over(names, high=50, gap=24, about=about, below=names[:-1])
    words = f"softmax( _q k_^T^{over} ) _k_"
    on_hero(sheet, node, -7, formula(words), colour)
    seen = (line for line in _seen_words(use) if width(line, SMALL) <= node.box.width - 10)
    on_hero(sheet, node, 13, next(seen, ""), colour, size=SMALL)
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


def _output(sheet: Board, node: Node) -> float:
    """The rotation that values took along is undone; then groups of heads, each through a rank of its own."""
    use, block = sheet.use, sheet.use.block
    x, colour, trunk = node.centre.x, sheet.colour, Trunk(sheet, node.top)
    about = use.facts("the output is rotated back", "rotated")
    trunk.pill("RoPE", "position", note="undone", about=about)
    groups, rank = block.number("output_groups"), block.number("output_rank")
    inner = block.number("heads") * block.number("head_dim")
    room = min(280.0, use.width - 2 * MARGIN)
    words = f"{groups:,} groups, each {arrow(inner // groups, rank)}"
    if width(words, 12, 500) > room - 34:
        words = cut(f"{groups:,} × ({arrow(inner // groups, rank)})", room - 34, 12, 500)
    high, low = sheet.spacing.matrix, use.about("output_down")
    y, count = trunk.above(high), sheet.counted(low)
    trunk.join(
        trapezoid(x, y, words, colour, narrowing=True, wide=room, high=high, count=count, about=low)
    )
    shape = arrow(groups * rank, size(block.part("output"), "outputs"))
    trunk.matrix("out", shape, about=use.about("output"))
    return trunk.leave()
