"""The indexer of sparse attention as a drawing, below the attention that sees only what it chooses.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, join
from llm_gallery.figure.block_names import NORMS
from llm_gallery.figure.internals._lanes import (
    BUS,
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    fitting,
    lanes,
    leave,
    on_hero,
    snug,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Line, Point, moved
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.figure.kit.text import Content, italic, superscript
from llm_gallery.mechanisms.colour import Colour

BROADEST = 210
BETWEEN = 34
"""Px between the two drawings, the second one's title included."""


def chosen(use: Use) -> str:
    """Which tokens attention sees, in the words of its block; nothing where it sees all."""
    if "selected" not in use.block.facts:
        return ""
    shared = use.count(lambda block: "shared_index" in block.facts)
    whose = "the indexer" if not shared else "the last indexer"
    if shared == use.layers:
        whose = "an earlier layer's indexer"
    return f"over the {use.block.number('selected'):,} tokens that {whose} chose"


def below(use: Use, above: Sheet, high: float, colour: Colour = "latent") -> tuple[Sheet, float]:
    """The attention's drawing with its indexer under it, if it has one of its own, and their height."""
    held = next((b for b, _ in use.variants if b.child("indexer") is not None), None)
    if held is None:
        return above, high
    block = held.child("indexer")
    assert block is not None
    having = use.count(lambda b: b.child("indexer") is not None)
    own = Use(
        path=join(use.path, block.name),
        variants=((block, having),),
        width=use.width,
        where=use.where,
        full=use.full,
    )
    sheet = Sheet()
    tall = _drawing(sheet, own, held, colour)
    y = -tall - 12
    ends = (Point(MARGIN, y), Point(use.width - MARGIN, y))
    sheet.put(Line(points=ends, kind="rule", role=f"{colour}.edge", thickness=1))
    title = sheet.label(MARGIN, 12 - tall, "Indexer", size=12, weight=600, role=f"{colour}.text")
    if having < use.layers:
        said = f"in {having:,} of {use.layers:,} layers"
        sheet.label(title.bounds.right + 8, 12 - tall, said, size=11)
    sheet.put(*moved(tuple(above.shapes), 0, -tall - BETWEEN + 10))
    return sheet, high + tall + BETWEEN - 10


def _drawing(sheet: Sheet, use: Use, attention: Block, colour: Colour) -> float:
    block = use.block
    names = ["q", "k"] if block.part("head_weight") is None else ["q", "k", "w"]
    streams = lanes(sheet, names, MARGIN, use.width - MARGIN, BROADEST)
    _projections(streams, use, attention, colour)
    _normed_and_placed(streams, use, of_past=_of_past(block, attention))
    x = streams.at["k"]
    tip = streams.tips["k"]
    sheet.put(drum(x - 20, tip.y - 17))
    sheet.label(x + 8, tip.y - 8, "cached", size=SMALL, weight=500, role="ink")
    wide = streams.span(names[0], names[-1])
    y = min(tip.y for tip in streams.tips.values()) - 24 - 25
    about = use.facts("score of each earlier token", "heads", "head_dim", "pooled", "block_size")
    middle = streams.middle(names[0], names[-1])
    node = sheet.add(hero(middle, y, "", colour, wide=wide, high=50, about=about))
    streams.into(node, *names)
    on_hero(sheet, node, -7, _score(block), colour)
    on_hero(sheet, node, 13, _going_on(block, attention), colour, size=11)
    return leave(sheet, node)


def _score(block: Block) -> Content:
    """Heads are added up, each with its weight where there are weights; a block is as good as its best token."""
    if "block_size" in block.facts:
        size = block.number("block_size")
        return ("score = max of ", italic("q k"), superscript("T"), f" over {size:,} tokens")
    weighed = () if block.part("head_weight") is None else (italic("w"), " ")
    return ("score = Σ ", *weighed, "ReLU( ", italic("q k"), superscript("T"), " )")


def _going_on(block: Block, attention: Block) -> str:
    """How many go on to attention."""
    selected = attention.number("selected")
    each = block.value("block_size")
    if isinstance(each, int):
        return f"the {selected // each:,} best blocks, for each key, value head"
    if attention.kind == "compressed_attention":
        among = block.value("candidates")
        limit = f", among {among:,} candidates" if among else ""
        return f"the {selected:,} best entries go on{limit}"
    pooled = block.value("pooled")
    if isinstance(pooled, int):
        return f"the {selected // pooled:,} best groups of {pooled:,} tokens go on"
    return f"the {selected:,} best tokens go on"


def _projections(streams: Lanes, use: Use, attention: Block, colour: Colour) -> None:
    """Queries come from the attention's query latent where it has one, the rest from the input."""
    block = use.block
    heads, size = block.number("heads"), block.number("head_dim")
    stored = _stored(block)
    query, key, weights = (stored.get(name) for name in ("q", "k", "w"))
    latent = query is not None and query.value("inputs") == attention.value("query_rank")
    made = block.child("compressor")
    inputs = 0 if query is None else query.number("inputs")
    width = key.number("inputs") if key is not None and "inputs" in key.facts else 0
    own = {"q": f"{heads:,} × {size:,}", "k": f"{size:,}", "w": f"{heads:,}"}
    symbols: dict[str, Content] = {name: italic(name) for name in streams.at}
    if made is not None:
        held = made.part("key_value")
        width = 0 if held is None else held.number("inputs")
        own["k"] = f"{0 if held is None else held.number('outputs'):,}"
    if made is not None or block.child("pool_positions") is not None:
        symbols["k"] = (italic("k"), ", gates")
        own["k"] = f"2 × {own['k']}"
    ins = {"q": inputs, "k": width, "w": weights.number("inputs") if weights is not None else 0}
    names = list(streams.at)
    forms = [
        [arrow(ins[name], own[name]) if ins[name] else arrow("", own[name]) for name in names],
        [arrow("", own[name]) for name in names],
        [own[name] for name in names],
    ]
    fed = [name for name in names if name != "q" or not latent]
    for name, shape in zip(
        names, fitting([symbols[n] for n in names], forms, streams.box), strict=True
    ):
        x, about = streams.at[name], use.about(stored.get(name))
        if name == "k" and stored.get("k") is None:
            said = (("keys of an earlier layer", ""), ("an earlier layer's", ""))
            streams.rise("k", snug(x, FIRST, said, colour, streams.box, dashed=True))
            fed.remove("k")
            continue
        node = matrix(x, FIRST, symbols[name], shape, colour, wide=streams.box, about=about)
        streams.rise(name, node)
    if stored["k"] is not None and _of_past(block, attention):
        fed.remove("k")
        _stub(streams, "k", "compressed past")
    if latent:
        _stub(streams, "q", "query latent")
    _fork(streams, fed)


def _of_past(block: Block, attention: Block) -> bool:
    """Whether keys are made of the compressed past's entries (DeepSeek V4.1), not of the input."""
    key = block.part("key")
    return (
        attention.kind == "compressed_attention"
        and (key is None or key.value("inputs") == attention.value("head_dim"))
        and block.child("compressor") is None
    )


def _stored(block: Block) -> dict[str, Block | None]:
    """The matrices of queries, keys and weights; the first two may be one."""
    return {
        "q": block.part("query"),
        "k": block.child("compressor") or block.part("key"),
        "w": block.part("head_weight"),
    }


def _stub(streams: Lanes, name: str, said: str) -> None:
    """An input that isn't the layer's."""
    x = streams.at[name]
    streams.sheet.wire(Point(x, FOOT), Point(x, FIRST + 13))
    streams.sheet.label(x + 8, FOOT - 3, said, size=SMALL)


def _fork(streams: Lanes, names: list[str]) -> None:
    """The layer's input, led to those that read it."""
    if not names:
        return
    start = Point(streams.middle(names[0], names[-1]), BUS)
    streams.sheet.wire(Point(start.x, FOOT), start, arrow=False)
    for name in names:
        x = streams.at[name]
        corner = () if x == start.x else (Point(x, BUS),)
        streams.sheet.wire(start, *corner, Point(x, FIRST + 13))
    if len(names) > 1:
        streams.sheet.put(dot(*start))


def _normed_and_placed(streams: Lanes, use: Use, *, of_past: bool) -> None:
    """Keys pooled where they are: after their norm by learned weights, before it as a plain mean.

    Those made `of_past` entries are pooled already.
    """
    block = use.block
    made, pooled = block.child("compressor"), block.value("pooled")
    keys = block.part("key_norm") if made is None else made.part("key_value_norm")
    norms = {"q": block.part("query_norm"), "k": keys}
    learned = made is not None or block.child("pool_positions") is not None
    held = learned and made is None
    if pooled and not held and not of_past:
        _pooling(streams, use, learned)
    y = min(streams.tips[name].y for name in "qk") - GAP - 11
    for name, norm in norms.items():
        if norm is not None:
            below = streams.tips[name].y - GAP - 11
            at = y if norms["q"] is not None and norms["k"] is not None else below
            said, about = NORMS.get(norm.kind, "norm"), use.about(norm)
            streams.rise(name, pill(streams.at[name], at, said, wide=96, about=about))
    if pooled and held:
        _pooling(streams, use, learned)
    if not block.number("rotated"):
        return
    y = min(streams.tips[name].y for name in "qk") - GAP - 11
    turned, dim = block.number("rotated"), block.number("head_dim")
    partly = "" if turned >= dim else f"{turned:,} / {dim:,}"
    for name in ("q", "k"):
        about = use.facts("RoPE", "rotated")
        forms = (("RoPE", partly), ("RoPE", ""))
        streams.rise(name, snug(streams.at[name], y, forms, "position", 96, about=about))


def _pooling(streams: Lanes, use: Use, learned: bool) -> None:
    """Neighbouring keys become one."""
    pooled = use.block.number("pooled")
    made = use.block.child("compressor")
    entry = None if made is None else made.part("key_value")
    if made is not None and entry is not None:  # those of the group before are read too
        pooled = pooled * entry.number("outputs") // made.number("head_dim")
    how = "softmax of gates" if learned else "mean"
    said = ((f"{pooled} tokens → 1", how), (f"{pooled} → 1", how), (f"{pooled} → 1", ""))
    y = streams.tips["k"].y - GAP - 11
    about = use.facts("keys pooled into one", "pooled")
    streams.rise("k", snug(streams.at["k"], y, said, "convolution", streams.box, about=about))
