"""Attention over a window and a compressed past as a drawing: one entry a token is key and value in one.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, Self

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import indexer
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fit_shape, on_hero, product
from llm_gallery.figure.internals._lanes import Lanes, Trunk, lanes
from llm_gallery.figure.internals._savings import scale
from llm_gallery.figure.internals._scores import sinks
from llm_gallery.figure.internals._use import Use, either, size
from llm_gallery.figure.kit.blocks import MATRIX, PILL, Node, trapezoid
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import CHIP, chip
from llm_gallery.figure.kit.text import Content, cut, formula, italic, width
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.attended import rotation
from llm_gallery.mechanisms.attention_sizes import turns
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.compressed_attention import compressor_of
from llm_gallery.mechanisms.indexer import indexer_of
from llm_gallery.mechanisms.scalars import divisor
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import EXTENSION
from llm_gallery.plan.block_names import layers

BROADEST = 190
CHOICE, LEAST = 22.0, 74.0
"""Px from the sign of what is kept to what chooses of it, and from lane to lane at least where ways stand apart."""


def inset(use: Use) -> Inset:
    """Queries, the window's entries, those of the compressed past where there is one, what chooses of them, the sinks."""
    past, block = bool(use.count(_remembers)), _fullest(use)
    ways = _ways(use)
    made = ("past",) * past + ("chooser",) * bool(use.count(_chooses))
    if len(ways) > 1:
        apart = (*ways, *("chooser",) * _all_choose(ways))
        if (use.width - 2 * MARGIN) / (3 + len(apart)) >= LEAST:
            made = apart
        else:  # all on one lane
            ways = {"past": [block for blocks in ways.values() for block in blocks]}
    names = ["q", "kv", *made, "sinks"]
    sheet = Board(use=use, colour=colour_of(block))
    sheet.drums = scale(block) if use.full else 0.0
    streams = lanes(sheet, names, BROADEST)
    fed = [_queries(streams), _entries(streams)]
    for name, making in ways.items():
        fed += _past(streams, name, making)
    if past and not ways:
        fed += _past(streams, "past", [])
    if "chooser" in names:
        fed += _indexer(streams)
    sheet.fork(streams.middle("q", names[-2]), fed)
    _rotation(streams, [name for name in names if name not in ("chooser", "sinks")], ways)
    if len(ways) > 1 and "chooser" not in names:
        _choices(streams, ways)
    high = _output(sheet, _softmax(streams, names))
    high += indexer.below(sheet)
    entry = _made_of(use) if past else ()
    heads = f"_q_: {block.number('heads'):,} heads of {block.number('head_dim'):,}"
    own = heads, "_k_: key and value in one", *entry, *turns(use.variants)
    sheet.symbols = (*own, *indexer.symbols(use))
    return sheet.inset(_title(use), high, "key and value in one")


Ways = dict[str, list[Block]]
"""By lane the blocks that make entries: those of each ratio have a lane of their own."""


def _ways(use: Use) -> Ways:
    """The lanes of the compressed past; none where all entries are an earlier layer's."""
    making = [block for block, _ in use.variants if _compresses(block)]
    alike: dict[tuple[int, bool], list[Block]] = {}
    for block in making:
        alike.setdefault((block.number("ratio"), _chooses(block)), []).append(block)
    if len(alike) < 2:
        return {"past": making} if making else {}
    # Those that are chosen of stand last: what chooses is high, where the window's words are.
    ordered = sorted(alike.items(), key=lambda way: way[0][1])
    return {f"past {number}": blocks for number, (_, blocks) in enumerate(ordered, 1)}


def _all_choose(ways: Ways) -> bool:
    return all(_chooses(blocks[0]) for blocks in ways.values())


def _choices(streams: Lanes, ways: Ways) -> None:
    """What chooses of a lane's entries stands on that lane, where others are read whole."""
    use = streams.use
    for name, (block, *_) in ways.items():
        if not _chooses(block):
            continue
        chooser = indexer_of(block)
        words = "indexer" if chooser is None else title(chooser)
        forms = (words, f"best {block.number('selected'):,}"), (words, "")
        y = min(streams.above(name, gap=CHOICE), streams.tips["q"].y + PILL / 2)
        streams.pill(name, forms, streams.colour, y=y, about=use.about(chooser))


def _title(use: Use) -> str:
    """What it is called, as its block in the frame where it has the window alone."""
    chosen, remembered = use.count(_chooses), use.count(_remembers)
    if not remembered:
        return title(use.block)
    if chosen == remembered:
        return "Compressed sparse attention"
    return "Compressed attention" if chosen else "Heavily compressed attention"


def _fullest(use: Use) -> Block:
    """A block that shows most: one with a compressed past, where there is one."""
    return next((block for block, _ in use.variants if _remembers(block)), use.block)


def _remembers(block: Block) -> bool:
    """Whether a block has more than its window."""
    return "ratio" in block.facts


def _chooses(block: Block) -> bool:
    """Whether a block reads some of its entries, which an indexer chooses."""
    return "selected" in block.facts


def _made_of(use: Use) -> tuple[str, ...]:
    """What entries are made of, and of how many tokens in how many layers, where that isn't the same in all."""
    ways: dict[int, int] = {}
    for block, count in use.variants:
        if not _remembers(block):
            continue
        ways[block.number("ratio")] = ways.get(block.number("ratio"), 0) + count
    each = (
        f"one for {ratio:,} tokens in {layers(count)}"
        if ratio > 1
        else f"one a token in {layers(count)}"
        for ratio, count in ways.items()
    )
    scope = use.scope(_compresses) if use.count(_compresses) else ""
    made = f"_c_: what entries are made of{f', in {scope} layers' if scope else ''}"
    return made, *(each if len(ways) > 1 else ())


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


def _made_alike(block: Block, other: Block) -> bool:
    """Whether entries of both stand for as many tokens, and are chosen of or not."""
    if not _remembers(other):
        return False
    return block.number("ratio") == other.number("ratio") and _chooses(block) == _chooses(other)


def _compresses(block: Block) -> bool:
    """Whether a block makes entries of its own."""
    return compressor_of(block) is not None


def _past(streams: Lanes, lane: str, making: Sequence[Block]) -> list[Point]:
    """Neighbouring tokens weighted into one entry, or the entries that an earlier layer made."""
    use = streams.use
    if not making:
        lent = (("an earlier layer's entries", ""), ("an earlier layer's", ""))
        whose = use.facts("compressed past of an earlier layer", "shared_stream", "ratio")
        y = streams.sheet.spacing.first
        streams.pill(lane, lent, streams.colour, y=y, dashed=True, about=whose)
        return []
    made = [_Entries.of(block) for block in making]
    pooled = [one for one in made if one.gate is not None]
    first = pooled[0] if pooled else made[0]
    symbols: Content = (italic("c"), ", gates") if pooled else italic("c")
    outputs = " or ".join(dict.fromkeys(one.outputs for one in made))
    shape = fit_shape(symbols, [arrow("", outputs), outputs, first.outputs], streams.box)
    counts = either((one.parameters for one in made), short)
    bottom = streams.matrix(lane, symbols, shape, use.about(first.entry), counts).bottom
    if pooled:
        reads = [f"{one.reads:,}" for one in pooled]
        often = pooled[0].often if len({one.often for one in pooled}) == 1 else ""
        words = " or ".join(dict.fromkeys(reads))
        forms = (f"{words} tokens → 1", often), (f"{words} → 1", often), (f"{words} → 1", "")
        about = use.about(first.compressor, "weighted by a softmax of the gates")
        partly = len(pooled) < len(made)  # one of a token for itself is no mean
        streams.pill(lane, forms, MIXING, about=about, dashed=partly)
    if first.norm is not None:
        streams.norm(lane, use.about(first.norm))
    return [bottom]


class _Entries(NamedTuple):
    """How a block makes its entries."""

    compressor: Block
    entry: Block | None
    gate: Block | None
    norm: Block | None
    reads: int  # tokens that one entry is made of, those of the one before included
    often: str  # after how many tokens there is one, where it is made of more

    @classmethod
    def of(cls, block: Block) -> Self:
        """Those of a block that makes some."""
        compressor = compressor_of(block)
        assert compressor is not None
        parts = map(compressor.part, ("key_value", "gate", "key_value_norm"))
        entry, gate, norm = parts
        ratio = block.number("ratio")
        reads = ratio * size(entry, "outputs") // block.number("head_dim")
        return cls(
            compressor, entry, gate, norm, reads, "" if reads == ratio else f"every {ratio:,}"
        )

    @property
    def outputs(self) -> str:
        """What its matrices give: entries, and a gate for each of their numbers."""
        rows = f"{size(self.entry, 'outputs'):,}"
        return rows if self.gate is None else f"2 × {rows}"

    @property
    def parameters(self) -> int:
        """Of both matrices."""
        return sum(stored(part) for part in (self.entry, self.gate) if part is not None)


def _indexer(streams: Lanes) -> list[Point]:
    """What says which entries are read: its inside is a drawing of its own, or an earlier layer's."""
    use = streams.use
    partly = bool(use.scope(_chooses))
    own = next((block for block, _ in use.variants if indexer_of(block) is not None), None)
    scope = f"in {use.scope(_chooses)} layers" if partly else ""
    chooser = None if own is None else indexer_of(own)
    y, words = (
        streams.sheet.spacing.first,
        "an earlier layer's" if chooser is None else title(chooser),
    )
    about = use.about(chooser)
    node = streams.pill("chooser", ((words, ""),), streams.colour, y=y, dashed=partly, about=about)
    best = " or ".join(
        dict.fromkeys(f"{b.number('selected'):,}" for b, _ in use.variants if _chooses(b))
    )
    for line, said in enumerate((f"best {best}", scope)):
        streams.sheet.label(node.top.x + 8, node.top.y - 24 + 15 * line, said, size=SMALL)
    return [node.bottom] if own is not None else []


def _rotation(streams: Lanes, names: list[str], ways: Ways) -> None:
    """Part of each head turns; what outlives its token is marked."""
    use, block = streams.use, _fullest(streams.use)
    level, wide = streams.above(*names), min(96.0, streams.box)
    every = ("rotated", "rope_base", *EXTENSION)
    for name in names:
        keys = every if name == "q" else every[:1]  # keys turn as queries do
        about, forms = use.facts("RoPE", *keys, of=block), ((rotation(block), ""),)
        chosen = name in ways and not _all_choose(ways) and _chooses(ways[name][0])
        y = streams.above(name) if chosen else level  # what chooses stands over it
        streams.pill(name, forms, "position", y=y, room=wide, about=about)
    entry = block.number("head_dim")
    for name in names[1:]:
        words, ratio = f"last {block.number('window'):,}", 1
        if name != "kv":
            made = ways[name][0] if name in ways else block
            ratio = made.number("ratio")
            often = use.count(partial(_made_alike, made))
            words = "kept" if len(ways) < 2 else f"in {often:,}"
        x, y = streams.at[name], streams.tips[name].y - 8
        streams.sheet.kept_mark(x, y, words, entry // ratio)  # of a token


def _softmax(streams: Lanes, names: list[str]) -> Node:
    use, sheet, colour = streams.use, streams.sheet, streams.colour
    block = _fullest(use)
    top = min(streams.tips[name].y for name in names[:-1])
    sinks(streams, top + MATRIX / 2)
    keys = ("heads", "head_dim", "window", "ratio", "selected", "sinks")
    about = use.facts("attention", *keys, of=block)
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
    window = f"the last {use.block.number('window'):,} tokens"
    ratios = sorted({b.number("ratio") for b, _ in use.variants if _remembers(b)})
    if not ratios:
        return (f"over {window}", "")
    spoken = " or ".join(f"{ratio:,}" for ratio in ratios)
    of_tokens = "" if ratios == [1] else f" of {spoken} tokens"
    chosen = [b.number("selected") for b, _ in use.variants if _chooses(b)]
    which = f"{max(chosen):,} chosen" if chosen else "all"
    if 0 < use.count(_chooses) < use.count(_remembers):
        which = f"all or {which}"
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
    trunk.pill(rotation(block), "position", note="undone", about=about)
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
