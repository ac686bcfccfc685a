"""Gemma 4 12B, text: Gemma 4's language model without experts and without an embedding for each layer.

Reference: transformers/models/gemma4_unified/modular_gemma4_unified.py
Model: https://huggingface.co/google/gemma-4-12B-it
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.gemma4_text import Gemma4Text, text


@config(
    "gemma4_unified_text",
    unused=(
        "enable_moe_block", "expert_intermediate_size", "moe_intermediate_size", "num_experts",
        "top_k_experts", "vocab_size_per_layer_input",
    ),
)  # fmt: skip
class UnifiedText(Gemma4Text):
    enable_moe_block: bool = False
    num_experts: Size | None = None
    top_k_experts: Size | None = None
    moe_intermediate_size: Size | None = None
    vocab_size_per_layer_input: Size = 1  # of no table


def gemma4_unified_text(c: UnifiedText) -> Block:
    return text(c)
