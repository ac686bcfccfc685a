"""The indexer of sparse attention as a drawing, below the attention that sees only what it chooses.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fitting, on_hero
from llm_gallery.figure.internals._lanes import Lanes, Trunk, lanes
from llm_gallery.figure.internals._savings import scale
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.kit.text import Content, formula, italic, width
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.attended import rotation
from llm_gallery.mechanisms.colour import MIXING, Colour
from llm_gallery.mechanisms.compressed_attention import compressor_of
from llm_gallery.mechanisms.indexer import cached, indexer_of, learned_pooling
from llm_gallery.mechanisms.norms import position_scale

BROADEST = 210


def chosen(use: Use) -> str:
    """Which tokens attention sees, in the words of its block; nothing where it sees all."""
    if "selected" not in use.block.facts:
        return ""
    shared = use.count(lambda block: "shared_index" in block.facts)
    whose = "the indexer" if not shared else "the last indexer"
    if shared == use.layers:
        whose = "an earlier layer's indexer"
    return f"over the {use.block.number('selected'):,} tokens that {whose} chose"


def symbols(use: Use) -> tuple[str, ...]:
    """What the symbols of its own indexer's formula are, a phrase each, where that is drawn under it."""
    if use.split or not has(use):
        return ()
    heads, *others = _symbols(use)
    return (f"indexer's {heads}", *(f"its {one}" if "_k_" in one else one for one in others))


def _symbols(use: Use) -> tuple[str, ...]:
    held = [(indexer_of(block), count) for block, count in use.variants]
    own = [(block, count) for block, count in held if block is not None]
    block, of = own[0][0], sum(count for _, count in own)
    turning = sum(count for each, count in own if each.number("rotated"))
    heads = f"_q_: {block.number('heads'):,} heads of {block.number('head_dim'):,}"
    weight = ("_w_: a weight for each",) * (block.part("head_weight") is not None)
    some = (f"RoPE in {turning:,} of {of:,} layers",) * (0 < turning < of)
    return (heads, "_k_: one", *weight, *some)


def below(above: Board) -> float:
    """Puts its indexer under an attention's drawing, if it has one of its own; gives back the height that it takes."""
    use = above.use
    if use.split or not has(use):
        return 0.0
    sheet, tall = _alone(use, above.colour)
    having = use.count(_owns)
    note = _having(use) if having < use.layers else ""
    return above.set_over(sheet, tall, "Indexer", note)


def inset(use: Use) -> Inset:
    """The indexer of an attention as a drawing of its own."""
    sheet, tall = _alone(use, colour_of(next(block for block, _ in use.variants if _owns(block))))
    having = use.count(_owns)
    where = use.where if having == use.layers else _having(use)
    sheet.symbols = _symbols(use)
    drawn = sheet.inset("Indexer", tall, named=False)
    return replace(drawn, note=where)


def _having(use: Use) -> str:
    """ "in 21 of 61 attentions", of which a layer may have two."""
    return f"in {use.count(_owns):,} of {use.layers:,} attentions"


def has(use: Use) -> bool:
    """Whether some of an attention's layers have an indexer of their own."""
    return bool(use.count(_owns))


def _owns(block: Block) -> bool:
    return indexer_of(block) is not None


def _alone(use: Use, colour: Colour) -> tuple[Board, float]:
    """The first indexer on a sheet, and its height."""
    attention = next(block for block, _ in use.variants if _owns(block))
    block = indexer_of(attention)
    assert block is not None
    sheet = Board(use=use.inside(block, use.count(_owns), use.width), colour=colour)
    sheet.drums = scale(attention) if use.full else 0.0
    return sheet, _drawing(sheet, attention)


def _drawing(sheet: Board, attention: Block) -> float:
    use, block, colour = sheet.use, sheet.use.block, sheet.colour
    names = ["q", "k"] if block.part("head_weight") is None else ["q", "k", "w"]
    streams = lanes(sheet, names, BROADEST)
    _projections(streams, attention)
    _normed_and_placed(streams, of_past=_of_past(block, attention))
    sheet.kept_mark(streams.at["k"], streams.tips["k"].y - 8, "kept", cached(block).growing)
    told = ("heads", "head_dim", "pooled", "block_size", "always_first", "always_last")
    about = use.facts("score of each earlier token", *told)
    node = streams.over(names, high=50, gap=24, about=about)
    on_hero(sheet, node, -7, _score(block), colour)
    on_hero(sheet, node, 13, _going_on(block, attention), colour, size=SMALL)
    sheet.label(node.top.x + 8, node.top.y - 12, "to attention's softmax", size=SMALL)
    return Trunk(sheet, node.top).leave()


def _score(block: Block) -> Content:
    """Heads are added up, each with its weight where there are weights; a block is as good as its best token."""
    if "block_size" in block.facts:
        return formula(f"score = max of _q k_^T^ over {block.number('block_size'):,} tokens")
    weight = "" if block.part("head_weight") is None else "_w_ "
    return formula(f"score = Σ {weight}ReLU( _q k_^T^ )")


def _of_entries(attention: Block) -> bool:
    """Whether attention sees entries that stand for several tokens."""
    return "ratio" in attention.facts


def _going_on(block: Block, attention: Block) -> str:
    """How many go on to attention."""
    selected = attention.number("selected")
    each = block.value("block_size")
    if isinstance(each, int):
        return f"the {selected // each:,} best blocks, for each head of keys"
    if _of_entries(attention):
        among = block.value("candidates")
        limit = f", among {among:,} candidates" if among else ""
        return f"the {selected:,} best entries go on{limit}"
    pooled = block.value("pooled")
    if isinstance(pooled, int):
        return f"the {selected // pooled:,} best groups of {pooled:,} tokens go on"
    if "always_last" in block.facts:
        first, last = (block.value(f"always_{which}") or 0 for which in ("first", "last"))
        return f"{selected:,} go on: first {first:,}, last {last:,}, best others"
    return f"the {selected:,} best tokens go on"


def _projections(streams: Lanes, attention: Block) -> None:
    """Queries come from the attention's query latent where it has one, the rest from the input."""
    use, block, names = streams.use, streams.use.block, list(streams.at)
    heads, head_dim = block.number("heads"), block.number("head_dim")
    compressor = compressor_of(block)
    entry = None if compressor is None else compressor.part("key_value")
    stored = {
        "q": block.part("query"),
        "k": compressor or block.part("key"),
        "w": block.part("head_weight"),
    }
    latent = stored["q"] is not None and stored["q"].value("inputs") == attention.value(
        "query_rank"
    )
    outputs = {"q": f"{heads:,} × {head_dim:,}", "k": f"{head_dim:,}", "w": f"{heads:,}"}
    symbols: dict[str, Content] = {name: italic(name) for name in names}
    if compressor is not None:
        outputs["k"] = f"{size(entry, 'outputs'):,}"
    if compressor is not None or learned_pooling(block) is not None:
        symbols["k"] = (italic("k"), ", gates")
        outputs["k"] = f"2 × {outputs['k']}"
    read = stored | {"k": entry if compressor is not None else stored["k"]}
    inputs = {name: size(read[name], "inputs") for name in names}
    forms = [
        [arrow(inputs[name] or "", outputs[name]) for name in names],
        [arrow("", outputs[name]) for name in names],
        [outputs[name] for name in names],
    ]
    shapes = fitting([symbols[name] for name in names], forms, streams.box)
    first: dict[str, Node] = {}
    if (normed := block.part("stream_norm")) is not None:
        y, wide = streams.sheet.spacing.first, min(96, streams.box)
        first["q"] = streams.norm("q", use.about(normed), title(normed), wide=wide, y=y)
    for name, shape in zip(names, shapes, strict=True):
        if name == "k" and stored["k"] is None:
            lent = (("keys of an earlier layer", ""), ("an earlier layer's", ""))
            streams.pill("k", lent, streams.colour, y=streams.sheet.spacing.first, dashed=True)
        else:
            streams.matrix(name, symbols[name], shape, use.about(stored[name]))
    elsewhere = {"q": "query latent" if latent else "", "k": ""}
    if stored["k"] is not None and _of_past(block, attention):
        room = streams.at["w"] - streams.at["k"] - 8 if "w" in names else inf
        elsewhere["k"] = "compressed past" if width("compressed past", SMALL) <= room else "entries"
    for name in ("k", "q"):
        if elsewhere[name]:
            low = streams.blocks[name].bottom.y
            streams.sheet.side_input(streams.at[name], elsewhere[name], low)
    fed = [name for name in names if not elsewhere.get(name) and stored[name] is not None]
    if fed:
        ends = [first.get(name, streams.blocks[name]).bottom for name in fed]
        streams.sheet.fork(streams.middle(fed[0], fed[-1]), ends)


def _of_past(block: Block, attention: Block) -> bool:
    """Whether keys are made of the compressed past's entries (DeepSeek V4.1), not of the input."""
    key = block.part("key")
    return (
        _of_entries(attention)
        and (key is None or key.value("inputs") == attention.value("head_dim"))
        and compressor_of(block) is None
    )


def _normed_and_placed(streams: Lanes, *, of_past: bool) -> None:
    """Keys pooled where they are: after their norm by learned weights, before it as a plain mean.

    Those made `of_past` entries are pooled already.
    """
    use, block = streams.use, streams.use.block
    compressor, pooled = compressor_of(block), block.value("pooled")
    keys = block.part("key_norm") if compressor is None else compressor.part("key_value_norm")
    norms = {"q": block.part("query_norm"), "k": keys}
    learned = compressor is not None or learned_pooling(block) is not None
    after = learned and compressor is None
    if pooled and not after and not of_past:
        _pooling(streams, learned)
    both = streams.above("q", "k")
    for name, norm in norms.items():
        if norm is not None:
            y = both if all(norms.values()) else None
            streams.norm(name, use.about(norm), title(norm), wide=min(96, streams.box), y=y)
    if pooled and after:
        _pooling(streams, learned)
    if (scale := position_scale(block)) is not None:
        scaled = (("× by position", ""), ("× _s_", ""))
        streams.pill("q", scaled, "position", about=use.about(scale))
    if block.number("rotated"):
        y, forms = streams.above("q", "k"), ((rotation(block), ""),)
        for name in ("q", "k"):
            about = use.facts("RoPE", "rotated")
            streams.pill(name, forms, "position", y=y, room=min(96, streams.box), about=about)


def _pooling(streams: Lanes, learned: bool) -> None:
    """Neighbouring keys become one."""
    use = streams.use
    pooled = use.block.number("pooled")
    compressor = compressor_of(use.block)
    entry = None if compressor is None else compressor.part("key_value")
    if compressor is not None and entry is not None:  # those of the group before are read too
        pooled = pooled * entry.number("outputs") // compressor.number("head_dim")
    how = "softmax of gates" if learned else "mean"
    forms = ((f"{pooled} tokens → 1", how), (f"{pooled} → 1", how), (f"{pooled} → 1", ""))
    about = use.facts("keys pooled into one", "pooled")
    streams.pill("k", forms, MIXING, about=about)
