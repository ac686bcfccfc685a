"""Entries of several tokens each, beside a window (CSA, HCA): what vLLM 0.32.0 keeps of DeepSeek V4.

Source: get_kv_cache_spec of vllm/models/deepseek_v4 and of vllm/v1/attention/backends/mla/sparse_swa.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.engines.vllm_page import Page, Rank
from llm_gallery.mechanisms import MECHANISMS, label

TOKEN = 584
"""Bytes of a token or an entry: 448 numbers in 8 bits, 64 that turn in 16, 8 of scales, whatever `--kv-cache-dtype` says."""
ROW = 576
"""Bytes that a page is a multiple of."""
BLOCK = 256
"""Tokens of a block of entries; one of a window has fewer."""
WINDOW_BLOCK = 64
OPEN_BLOCKS = {4: 4, 128: 8}
"""Tokens of a block of those whose entry isn't whole yet, by how many share one."""
SIZE = 512
"""The size of an entry that its kernels read."""


def compressed(block: Block, rank: Rank) -> Iterator[Page]:
    """The last tokens, the entries, what chooses among them, and the tokens of those that aren't whole."""
    kept = MECHANISMS[block.kind].kept(block)
    if kept != (SIZE, (), True, False) or not OTHER.isdisjoint(block.facts):
        raise rank.unknown(label(block))
    name = label(block)
    page = _page(f"{name}, window", WINDOW_BLOCK, WINDOW_BLOCK * TOKEN)
    yield replace(page, sort="latent window", limit=block.number("window") - 1, beyond=1)
    for part in block.inside:
        if "ratio" in part.facts:
            yield from _entries(name, part, rank)
        elif "pooled" in part.facts:
            yield from _chosen(part, rank)


OTHER = {"shared_index", "shared_stream"}
"""Facts of V4.1, which keeps other pages."""


def _page(name: str, block: int, held: int) -> Page:
    return Page(
        label=name,
        sort="latent",
        held=held,
        shape=(held,),
        dtype="fp8",
        block=block,
        padded=-(-held // ROW) * ROW,
        own_block=True,
        kernel=block,
    )


def _entries(name: str, part: Block, rank: Rank) -> Iterator[Page]:
    ratio = part.number("ratio")
    if ratio not in OPEN_BLOCKS:
        raise rank.unknown(f"{name} of {ratio} tokens an entry")
    yield _page(name, BLOCK, BLOCK // ratio * TOKEN)
    yield _open(name, part)


def _chosen(indexer: Block, rank: Rank) -> Iterator[Page]:
    """Keys of the entries in 8 bits with their scales, and those that aren't whole."""
    size = indexer.number("head_dim")
    for part in indexer.inside:
        if "ratio" in part.facts:
            held = BLOCK // part.number("ratio") * (size + size // 128 * 4)
            yield replace(_page(label(indexer), BLOCK, held), side_by_side=True)
            yield _open(label(indexer), part)


def _open(name: str, part: Block) -> Page:
    """Numbers and weights of the tokens of an open entry, and of the last one's where they overlap, in 32 bits."""
    ratio = part.number("ratio")
    wide = 2 if ratio == 4 else 1
    tokens = OPEN_BLOCKS[ratio]
    held = tokens * 2 * wide * part.number("head_dim") * 4
    page = _page(f"{name}, open", tokens, held)
    return replace(page, sort="latent window", limit=wide * ratio - 1, beyond=1, dtype="float32")
