"""What vLLM 0.32.0 keeps of each layer, as pages of so many tokens, or as a state: read from the tree and the config.

Source: get_kv_cache_spec of vLLM's layers, and its vllm/platforms/interface.py for the block of hybrids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import (
    Block,
    distinct,
    distinct_layers,
    layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.reach import reach, reads_whole
from llm_gallery.architecture.refusal import Refusal, expect
from llm_gallery.engines import vllm_states as states
from llm_gallery.engines.vllm_convolved import INKLING, convolution, convolved
from llm_gallery.engines.vllm_entries import compressed
from llm_gallery.engines.vllm_page import CACHES, MODEL, Page, Rank, Settings
from llm_gallery.engines.vllm_pooled import pooled_keys
from llm_gallery.mechanisms import MECHANISMS, label
from llm_gallery.mechanisms.attention_sizes import value_dim

PACKED = 656
"""Bytes of a latent in 8 bits that a sparse kernel reads: with scales, and rotated channels in 16 bits."""
EXPANDED = ("minicpm3",)
"""Model types of latent attention that vLLM runs on keys and values of every head."""
WIDENED = ("dots3_note", "dots3_note_text")
"""Model types whose latents are all padded to the widest, and lie side by side in a block."""
SPARSE_BLOCK = 64
"""Tokens of a block that the kernels of an indexer read."""
LATENT_BLOCK = 128
"""Tokens that a block of latents is a multiple of beside states."""
UNCOVERED = {"convolved": "convolved keys", "noise_heads": "noise heads"}
"""Facts of attention that keeps other than its keys and values, and how they are called."""


def pages(rank: Rank) -> tuple[Page, ...]:
    """A page a layer and pass, first to last. Raises Refusal for what vLLM has no cache for."""
    root = rank.subject.root
    expect("the cache type", rank.cache, CACHES)
    if reads_whole(root):
        raise rank.unknown("attention to later tokens")
    for block in (block for layer in distinct_layers(root) for block in distinct(layer)):
        if block.reads_beside:  # though a text may pass it by
            raise rank.unknown(label(block))
    made: dict[int, tuple[Page, ...]] = {}
    found: list[Page] = []
    for layer in layers(root):
        if id(layer) not in made:
            made[id(layer)] = tuple(_visited(layer, layer, rank))
        found += made[id(layer)]
    found *= depth_passes(root)
    for _, part in model_parts(root):
        if part is not main_stack(root):
            found += _visited(part, part, rank)
    return _in_blocks(found, rank.settings)


def _visited(block: Block, mixer: Block, rank: Rank) -> Iterator[Page]:
    """The pages of a block and of what is inside, where those of the block aren't of that, too."""
    if not block.used or block.stands_apart:
        return
    if block.kind in PAGES:
        yield from PAGES[block.kind](block, rank)
        mixer = block
        if block.kind not in BESIDE_PARTS:
            return
    else:
        kept = MECHANISMS[block.kind].kept(block)
        if kept.growing or kept.states:
            raise rank.unknown(label(block if kept.row else mixer))
    for part in block.inside:
        yield from _visited(part, mixer, rank)


def _attention(block: Block, rank: Rank) -> Iterator[Page]:
    """Keys and values of the heads; a borrower has none."""
    if not MECHANISMS[block.kind].kept(block).growing:
        return
    keys = block.number("head_dim")
    values = value_dim(block)
    heads, width = block.number("kv_heads"), keys + values
    _expect_covered(block, heads * width, rank)
    if "convolved" in block.facts:
        yield from convolved(block, rank)
    yield _paged(block, rank, rank.pairs(block), keys, values)


def _expect_covered(block: Block, growing: int, rank: Rank) -> None:
    """Raises Refusal where attention keeps other than so many numbers a token."""
    for fact, words in UNCOVERED.items():
        if fact in block.facts and rank.model_type not in INKLING:
            raise rank.unknown(f"{label(block)} with {words}")
    kept = MECHANISMS[block.kind].kept(block)
    if kept.growing != growing or kept.states:
        raise rank.unknown(label(block))


def _paged(block: Block, rank: Rank, heads: int, keys: int, values: int) -> Page:
    """Pages of heads of so many numbers, as far as the attention sees."""
    tokens, seen = rank.settings.block, reach(block)
    page = Page(
        label=label(block),
        sort="full",
        held=heads * (keys + values) * CACHES[rank.cache] * tokens,
        shape=(heads, keys, values),
        block=tokens,
        dtype=rank.cache,
    )
    if seen is None:
        return page
    if "chunk" in block.facts:
        return replace(page, sort="chunk", limit=seen)
    # A window may begin within a block, so there is one more.
    return replace(page, sort="window", limit=seen - 1, beyond=1)


def _latent(block: Block, rank: Rank) -> Iterator[Page]:
    """A latent a token, whole on every rank; a borrower has none."""
    if not MECHANISMS[block.kind].kept(block).growing:
        return
    width = block.number("kv_rank") + block.number("rope_dim")
    _expect_covered(block, width, rank)
    if rank.model_type in EXPANDED:
        heads = rank.share(block.number("heads"), "heads")
        size = block.number("nope_dim") + block.number("rope_dim")
        yield _paged(block, rank, heads, size, size)  # values are padded to the size of keys
        return
    page = _paged(block, rank, 1, width, 0)
    if "selected" in block.facts:
        token = PACKED if CACHES[rank.cache] < MODEL else width * MODEL
        page = replace(page, held=token * page.block, kernel=SPARSE_BLOCK, span=1)
    if rank.model_type in WIDENED:
        page = _widened(page, rank)
    yield replace(page, sort="latent" if page.limit is None else "latent window")


def _widened(page: Page, rank: Rank) -> Page:
    """As wide as the model's widest latent, in rows of one size. Raises Refusal where they can't have 16 bits."""
    if CACHES[rank.cache] < MODEL:
        name = rank.subject.name
        raise Refusal(
            f"the cache type is {rank.cache}, expected one of 16 bits for {name}; use --cache bf16"
        )
    row = MODEL * max(
        block.number("kv_rank") + block.number("rope_dim")
        for block in distinct(rank.subject.root)
        if {"kv_rank", "rope_dim"} <= block.facts.keys()
    )
    return replace(page, padded=row * page.block, side_by_side=True)


def _indexer(block: Block, rank: Rank) -> Iterator[Page]:
    """A key in 8 bits with 4 bytes of scale for each 128 numbers; MiniMax's, which chooses blocks, in 16 bits."""
    size = block.number("head_dim")
    if "pooled" in block.facts:
        yield from pooled_keys(block, rank)
        return
    if MECHANISMS[block.kind].kept(block).growing != size:
        raise rank.unknown(label(block))
    in_16_bits = "block_size" in block.facts
    token = size * MODEL if in_16_bits else size + size // 128 * 4
    tokens = rank.settings.block
    yield Page(
        label=label(block),
        sort="keys",
        held=token * tokens,
        shape=(token,),
        dtype="bf16" if in_16_bits else "fp8",
        block=tokens,
        kernel=block.number("block_size") if in_16_bits else SPARSE_BLOCK,
    )


PAGES: Mapping[str, Callable[[Block, Rank], Iterator[Page]]] = {
    "attention": _attention,
    "compressed_attention": compressed,
    "convolution": convolution,
    "gated_deltanet": states.deltanet,
    "indexer": _indexer,
    "kimi_delta_attention": states.kimi_delta,
    "latent_attention": _latent,
    "lightning_attention": states.lightning,
    "mamba": states.mamba,
    "mamba2": states.mamba2,
    "ngram_memory": states.ngram_memory,
    "short_convolution": states.short_convolution,
}
"""What a mixer keeps, by its kind."""
BESIDE_PARTS = ("attention", "latent_attention")
"""Those whose parts keep pages of their own."""


def _in_blocks(found: list[Page], settings: Settings) -> tuple[Page, ...]:
    """Pages in the model's block; of a hybrid, in one that holds a state, with all states padded to it."""
    kept = [page for page in found if page.sort == "state"]
    paged = [page for page in found if page.grows]
    block = max([settings.block, *(page.kernel for page in paged)])
    if kept and paged:
        latent = any("latent" in page.sort for page in paged)
        step = max(block, LATENT_BLOCK) if latent else block
        token = max(page.held // page.block for page in paged)
        block = step * -(-max(page.held for page in kept) // (step * token))
        found = [_beside_pages(page, block * token, settings) for page in found]
    return tuple(page if page.own_block else page.of(block) for page in found)


def _beside_pages(page: Page, size: int, settings: Settings) -> Page:
    """A state in a page of attention's size; prefix caching is on by default only where both stand in a model."""
    if page.sort != "state":
        return page
    return replace(page, padded=size, beyond=page.beyond + page.caching * settings.prefix_caching)
