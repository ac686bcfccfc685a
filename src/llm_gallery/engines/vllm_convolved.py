"""Convolutions of keys, values and branches, of which vLLM 0.32.0 keeps the last inputs of a layer in one page.

Source: vllm/models/inkling/nvidia/sconv_swa_attn.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.engines.vllm_page import MODEL, Page, Rank
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.attention_sizes import input_width

INKLING = ("inkling_mm_model", "inkling_text")
"""Model types whose layers have one convolution each of keys, values, attention and experts."""


def convolved(block: Block, rank: Rank) -> Iterator[Page]:
    """A window as long as the taps, of heads as wide as a power of two."""
    heads = block.number("kv_heads")
    taps = max(part.number("taps") for part in block.inside if "taps" in part.facts)
    whole = 2 * (block.number("head_dim") + input_width(block) // heads)
    size = 1 << (whole - 1).bit_length()
    of_rank = rank.share(heads, "key-value heads")
    yield Page(
        label=f"{label(block)}, convolutions",
        sort="window",
        held=of_rank * size * taps * MODEL,
        shape=(of_rank, size, 0),
        dtype="bf16",
        block=taps,
        limit=taps - 1,
        beyond=1,
        own_block=True,
    )


def convolution(block: Block, rank: Rank) -> Iterator[Page]:
    """None of its own: its layer's page has it."""
    if rank.model_type not in INKLING:
        raise rank.unknown(label(block))
    yield from ()
