"""DeepSeek V3.2: DeepSeek V3 with an indexer in every layer, which chooses the tokens that attention sees.

Reference: transformers/models/deepseek_v32/modular_deepseek_v32.py
Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import indexer
from llm_gallery.families._config import Count, Few, Size, computed, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import DeepseekV3, latent, moe, next_token_modules
from llm_gallery.families.llama import decoder, pre_norm, swiglu

Indexed = Literal["indexed_attention", "deepseek_sparse_attention"]
"""A layer over tokens that an indexer chose, and how configs of 2025 spell it."""


@config(
    "deepseek_v32", unless={"head_dim": "qk_rope_head_dim"}
)  # which the class puts in its place
class DeepseekV32(DeepseekV3):
    mlp_bias: Literal[False] = False  # the class has the key and no biases
    q_lora_rank: Size
    num_nextn_predict_layers: Few | None = None
    first_k_dense_replace: Count
    mlp_layer_types: tuple[str, ...] | None
    layer_types: tuple[Indexed, ...] | None
    index_topk: Size
    index_head_dim: Size
    index_n_heads: Size


def deepseek_v32(c: DeepseekV32) -> Block:
    every_full = ["full"] * c.num_hidden_layers
    return decoder(
        c, layers(c, every_full), beside=next_token_modules(c, decoder_layer(c, "full", moe(c)))
    )


def layers(c: DeepseekV32, choosing: Sequence[str]) -> list[Block]:
    """A dense prefix, then experts; `choosing` says which layers have an indexer of their own."""
    count = c.num_hidden_layers
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    channels = {"dense": swiglu(c), "sparse": moe(c)}
    which = typed(c.mlp_layer_types, count, dense_first, tuple(channels), "mlp_layer_types")
    keys = list(zip(choosing, which, strict=True))
    return each(keys, lambda key: decoder_layer(c, key[0], channels[key[1]]))


def decoder_layer(c: DeepseekV32, chooses: str, channels: Block) -> Block:
    chooser = indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=c.q_lora_rank,
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=rope(c, c.qk_rope_head_dim)._replace(pairs=computed(c, "index_pairs") is True),
    )
    mixer = latent(c, indexer=chooser if chooses == "full" else None, selected=c.index_topk)
    return pre_norm(c, mixer, channels)
