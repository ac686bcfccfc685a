"""What attention of several kinds has in common: positions, and how much of the past is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, Value
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms.shapes import Row, shape
from llm_gallery.mechanisms.written import CHUNKED, NO_POSITIONS

_CONCEPTS = {
    "none": "nope",
    "learned": "learned-positions",
    "sinusoidal": "sinusoidal-positions",
    "alibi": "alibi",
    "rope": "rope",
    "relative": "relative-positions",
}


BY_MEANS = ("sparse_from", "sparse_blocks", "sparse_block", "sparse_means", "sparse_every")
"""Facts of attention that chooses blocks by the means of their keys."""
BY_PLACE = ("sparse_block", "sparse_local", "sparse_stride", "sparse_seen", "sparse_patterns")
"""Facts of attention that reads blocks by where they stand."""
COARSER = 4
"""Of so many times as many keys are the means that tell what scores are divided by."""
GATED = "what scales what the heads have gathered"
"""What a gate is for."""
LOCAL = "local"
"""What layers are called whose attention reads only the last tokens, beside global ones."""
ROTATED = "RoPE"
_NAMES = {
    "none": NO_POSITIONS,
    "learned": "learned position",
    "sinusoidal": "sinusoidal position",
    "relative": "relative",
}
"""How attention of one model is told from other attention, by its positions."""


def reach_word(block: Block) -> str:
    """How far attention sees: "global", "local", "chunked", "block-sparse".

    What compressed attention sees beyond its window is compressed, but not out of reach.
    """
    if "sparse_stride" in block.facts:
        return "block-sparse"
    if block.kind in ("attention", "latent_attention") and reach(block) is not None:
        return LOCAL if "window" in block.facts else CHUNKED
    return "global"


def shares_keys(block: Block) -> bool:
    """Whether its keys and values are those of an earlier layer."""
    return "shared_kv" in block.facts


def reached(block: Block) -> str:
    """How far attention sees, and whether it brings its own keys: "global", "local shared"."""
    return f"{reach_word(block)} shared" if shares_keys(block) else reach_word(block)


def rotation(block: Block) -> str:
    """Positions by rotation, always with the share of each head that turns, where that isn't all: "RoPE", "RoPE 25%"."""
    dim, turned = block.value("head_dim"), block.value("rotated")
    if not isinstance(dim, int) or not isinstance(turned, int) or turned in (0, dim):
        return ROTATED
    return f"{ROTATED} {100 * turned / dim:.3g}%"


def positioned(block: Block) -> str:
    """How it knows positions, in a word."""
    if block.value("position") == "rope":
        return rotation(block)
    return _NAMES.get(str(block.value("position")), "other")


def attended(block: Block, position: int) -> int:
    """Tokens that attention at `position` looks at, itself included."""
    tokens = position
    if "window" in block.facts:
        tokens = min(tokens, block.number("window"))
    if "selected" in block.facts:
        tokens = min(tokens, block.number("selected") + of_open_group(block, position))
    if "chunk" in block.facts:
        tokens = min(tokens, (position - 1) % block.number("chunk") + 1)
    if chooses_by_means(block, position):
        size, most = block.number("sparse_block"), block.number("sparse_blocks")
        tokens = min(tokens, (most - 1) * size + (position - 1) % size + 1)
    return tokens


def chooses_by_means(block: Block, position: int) -> bool:
    """Whether a text is so long that blocks are chosen by the means of their keys."""
    return "sparse_from" in block.facts and position >= block.number("sparse_from")


def means(block: Block, position: int) -> int:
    """Means of keys that each query is scored against: those by which blocks are chosen, and those of four times as many."""
    if not chooses_by_means(block, position):
        return 0
    span, every = block.number("sparse_means"), block.number("sparse_every")
    return sum(max(0, (position - n * span) // (n * every) + 1) for n in (1, COARSER))


def in_blocks(block: Block, position: int) -> int:
    """Tokens that all heads of block-sparse attention at `position` look at, each its own."""
    heads, stride = block.number("heads"), block.number("sparse_stride")
    if "sparse_patterns" in block.facts:
        return heads * in_stretches(block, position)
    alike = ((heads - head - 1) // stride + 1 for head in range(min(heads, stride)))
    return sum(many * in_blocks_of(block, position, head) for head, many in enumerate(alike))


def in_blocks_of(block: Block, position: int, head: int) -> int:
    """Tokens that one head looks at: the last blocks, and of the others each nth."""
    size, local, stride = (block.number(f"sparse_{name}") for name in ("block", "local", "stride"))
    whole, own = (position - 1) // size, (position - 1) % size + 1
    near = min(local - 1, whole)
    others, first = whole - near, -(head + 1) % stride
    far = 0 if first >= others else (others - 1 - first) // stride + 1
    return own + (near + far) * size


def in_stretches(block: Block, position: int) -> int:
    """Tokens that any head looks at: those of its own stretch so far, and some blocks of each stretch before."""
    size, stretch, seen = (block.number(f"sparse_{n}") for n in ("block", "stride", "seen"))
    whole, own = divmod(position - 1, size * stretch)
    return own + 1 + whole * seen * size


def of_open_group(block: Block, position: int) -> int:
    """Tokens more or less than chosen, by those of the token's own group.

    An indexer of pools doesn't score the one that isn't full yet, which attention sees beside the chosen ones;
    one of blocks chooses the token's own, full or not.
    """
    indexer = block.child("indexer")
    if indexer is None:
        return 0
    if "pooled" in indexer.facts:
        return position % indexer.number("pooled")
    return -(-position % indexer.number("block_size")) if "block_size" in indexer.facts else 0


def position_concepts(block: Block) -> Iterator[str]:
    """Ids of how positions are known, and how they are stretched."""
    yield _CONCEPTS[str(block.value("position"))]
    if "rope_scaling" in block.facts:
        yield f"{block.value('rope_scaling')}-rope-scaling"


def weighted(block: Block, scores: str) -> tuple[str, ...]:
    """The formula: values by the softmax of their scores, what else is done with either, and of which tokens."""
    if cap := block.value("softcap"):
        scores = f"{cap:g} tanh( {scores} / {cap:g} )"
    gate = " · σ( _g_ )" if block.value("gate") else ""
    lines = [f"_o_ = softmax( {scores} ) _v_{gate}"]
    if "selected" in block.facts:
        lines.append(f"over the {block.number('selected'):,} tokens chosen")
    elif "window" in block.facts:
        lines.append(f"over the last {block.number('window'):,} tokens")
    elif "chunk" in block.facts:
        lines.append(f"within {block.number('chunk'):,} tokens")
    return tuple(lines)


def read_rows(block: Block, values: int) -> Iterator[Row]:
    """Shapes of the softmax's shares, of as many tokens as are read at most, and of what heads read."""
    bounds = (fact for fact in ("selected", "window", "chunk") if fact in block.facts)
    bound = next((f"{block.number(fact):,}" for fact in bounds), "T")
    heads = block.number("heads")
    noise = block.number("noise_heads") if "noise_heads" in block.facts else 0
    yield "shares", f"B × {heads:,} × T × {bound}"
    yield "o", shape(heads - noise, values)


def query_latent(block: Block) -> Iterator[Row]:
    """The shape of what queries are made of, where they are of low rank."""
    if block.value("query_rank"):
        yield "query latent", shape(block.number("query_rank"))


def counted(block: Block, **values: Value) -> Block:
    """The block with other facts, by which is counted what it saves."""
    derived = {
        name: Fact(value, "derived", "counted for comparison") for name, value in values.items()
    }
    return replace(block, facts={**block.facts, **derived})


def unbounded(limit: str) -> Callable[[Block], Block]:
    """Attention to all earlier tokens, but for what compressed attention leaves to its other entries."""

    def change(block: Block) -> Block:
        bounded = limit in block.facts and block.kind != "compressed_attention"
        return block.lacking(limit) if bounded else block

    return change


def all_tokens(block: Block) -> Block:
    """Attention to every token, so no indexer is needed."""
    for only, facts in (("sparse_from", BY_MEANS), ("sparse_stride", BY_PLACE)):
        if only in block.facts:
            return block.lacking(*facts)
    if block.kind == "compressed_attention" or "selected" not in block.facts:
        return block
    inside = tuple(part for part in block.inside if part.kind != "indexer")
    return replace(block.lacking("selected", "shared_index"), inside=inside)


def unbiased(block: Block) -> Block:
    """Attention whose matrices only multiply."""
    if not block.attends or not block.value("bias"):
        return block
    inside = tuple(map(_without_bias, block.inside))
    return counted(replace(block, inside=inside), bias=False)


def _without_bias(part: Block) -> Block:
    if part.kind != "linear" or not part.value("bias"):
        return part
    weights = tuple(tensor for tensor in part.tensors if tensor.role != "bias")
    return counted(replace(part, tensors=weights), bias=False)
