"""Indexers whose keys are pooled: a key for several tokens, and a ring of those that aren't pooled yet.

Source: get_kv_cache_spec of vllm/models/glm5next/common/attention.py and of vllm/models/qwen4_exp/common/qsa_cache.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.vllm_page import CACHES, MODEL, Page, Rank, Sort
from llm_gallery.engines.vllm_states import QWEN4
from llm_gallery.mechanisms import label

GLM5 = ("glm5_next", "glm5_next_text")
KEYS_READ = (32, 64)
"""Pooled keys that GLM's kernels read at once, by their choice."""
AXES = 12
"""Numbers of 16 bits that hold where a token stands in text, height and width."""


def pooled_keys(block: Block, rank: Rank) -> Iterator[Page]:
    """A key in 8 bits with its scales for so many tokens, or in 16 bits as Qwen's, and the ring."""
    if rank.model_type not in POOLED:
        raise rank.unknown(f"{label(block)} of pooled keys")
    yield from POOLED[rank.model_type](block, rank)


def _of_glm(block: Block, rank: Rank) -> Iterator[Page]:
    """Its ring holds keys and what weighs them, and twice as many where drafts don't fit in it."""
    if CACHES[rank.cache] < MODEL:
        name = rank.subject.name
        raise Refusal(
            f"the cache type is {rank.cache}, expected one of 16 bits for {name}; use --cache bf16"
        )
    size, pooled = block.number("head_dim"), block.number("pooled")
    least, most = (many * pooled for many in KEYS_READ)
    key = size + size // 128 * 4
    yield _page(block, "keys", least // pooled * key, "fp8", block=least, kernel=least, span=most)
    pools = -(-(pooled + rank.settings.drafts) // pooled)
    tokens = pooled * (1 << (pools - 1).bit_length())
    yield _page(block, "ring", tokens * 2 * size * MODEL, "bf16", block=tokens)


def _of_qwen(block: Block, rank: Rank) -> Iterator[Page]:
    """Its ring holds keys, and where they stand, if the model reads pictures."""
    size, pooled = block.number("head_dim"), block.number("pooled")
    yield _page(block, "keys", size * MODEL, "bf16", block=pooled)
    tokens = pooled * -(-(pooled + rank.settings.drafts) // pooled)
    pictures = any(part.other_modality for part in rank.subject.root.inside)
    wide = -(-size // 4) * 4 + AXES if pictures else size
    yield _page(block, "ring", tokens * wide * MODEL, "bf16", block=tokens)


def _page(
    block_of: Block,
    sort: Sort,
    held: int,
    dtype: str,
    *,
    block: int,
    kernel: int = 1,
    span: int = 0,
) -> Page:
    ring = sort == "ring"
    return Page(
        label=f"{label(block_of)}, not pooled" if ring else label(block_of),
        sort=sort,
        held=held,
        shape=(held,),
        dtype=dtype,
        block=block,
        kernel=kernel,
        own_block=ring,
        side_by_side=True,
        span=span,
    )


POOLED: Mapping[str, Callable[[Block, Rank], Iterator[Page]]] = {
    **dict.fromkeys(GLM5, _of_glm),
    **dict.fromkeys(QWEN4, _of_qwen),
}
"""What a pooling indexer keeps, by the model type: vLLM has one way for each."""
