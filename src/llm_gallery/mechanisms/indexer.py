"""The indexer of sparse attention: a small attention that chooses what the layer attends to.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mechanism, Names, inert
from llm_gallery.mechanisms.legend import Term
from llm_gallery.mechanisms.shapes import Row, shape


def cached(block: Block) -> Kept:
    """One key for all heads, or what the reference keeps until it pools them."""
    elements = block.number("kept" if "kept" in block.facts else "head_dim")
    return Kept(growing=elements, whole=True)


def work(block: Block, position: int) -> int:
    """A score of every token, or of every full pool of them, for each head, and the heads' weighted sum.

    Heads that choose blocks each for itself have no sum, and Qwen3.8's is of no weights.
    """
    scored = position // (block.number("pooled") if "pooled" in block.facts else 1)
    if "candidates" in block.facts:
        scored = min(scored, block.number("candidates"))
    summed = 1 if block.part("head_weight") else 0
    return block.number("heads") * (block.number("head_dim") + summed) * scored


def formula(block: Block) -> tuple[str, ...]:
    """How a token, or a block of them, is scored."""
    if "block_size" in block.facts:
        return (f"_s_ = max of _q k_^T^ over {block.number('block_size'):,} tokens",)
    return (f"_s_ = Σ _w_ relu( _q k_^T^ ), {block.number('heads'):,} heads",)


def shapes(block: Block, width: int) -> tuple[Row, ...]:
    """From the stream to a score of each token for each."""
    heads, size = block.number("heads"), block.number("head_dim")
    made = ("q", shape(heads, size)), ("k", shape(size))
    return ("in", shape(width)), *made, ("scores", "B × T × T")


def indexer_of(attention: Block) -> Block | None:
    """What chooses for an attention, where it has an indexer of its own."""
    return attention.child("indexer")


def learned_pooling(indexer: Block) -> Block | None:
    """The learned weights by which an indexer pools its keys, if it has such."""
    return indexer.child("pool_positions")


MECHANISMS = (
    Mechanism(
        kind="indexer",
        names=Names("indexer"),
        colour="latent",
        concepts=(),
        does="A small attention that scores all earlier tokens, to choose those that the layer attends to.",
        kept=cached,
        work=work,
        formula=formula,
        shapes=shapes,
        legend=(
            Term("Indexer", "A small attention of its own, which only says what is worth reading."),
        ),
        miniature={
            "index_init_tokens": 1,
            **dict.fromkeys(
                (
                    "indexer_compress_ratio",
                    "index_kpool",
                    "index_local_tokens",
                    "index_topk_blocks",
                    "sparse_topk_blocks",
                    "sparse_num_index_heads",
                ),
                2,
            ),
            **dict.fromkeys(("index_block_size", "sparse_block_size"), 3),
            **dict.fromkeys(("sparse_index_dim", "index_head_dim", "index_n_heads"), 16),
        },
        borrowable=True,
    ),
    inert(
        kind="pool_positions",
        names=Names("pool positions"),
        colour="position",
    ),
)
