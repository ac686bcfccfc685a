"""Sarvam 30B: GLM-4.5's layers with every head fully rotated, q, k and v stored as one matrix.

Reference: transformers/models/sarvam_moe/modular_sarvam_moe.py
Report: https://www.sarvam.ai/blogs/sarvam-30b-105b
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, fused, renamed, rms_norm
from llm_gallery.families._config import config
from llm_gallery.families.deepseek_v3 import GroupedExperts, moe
from llm_gallery.families.llama import (
    decoder,
    grouped_query,
    head_dim,
    pre_norm,
    swiglu,
    switched_norm,
)

OF_THE_PUBLISHED_CODE = (
    "max_window_layers", "moe_router_enable_expert_bias", "moe_shared_expert_intermediate_size",
    "output_dropout", "router_dtype", "use_bias", "use_rmsnorm",
)  # fmt: skip


@config("sarvam_moe", unused=OF_THE_PUBLISHED_CODE)
class SarvamMoe(GroupedExperts):
    use_qk_norm: bool
    score_function: Literal["sigmoid"] = "sigmoid"


def sarvam_moe(c: SarvamMoe) -> Block:
    prefix = min(c.first_k_dense_replace, c.num_hidden_layers)
    sparse = decoder_layer(c, moe(c, correction="expert_bias"))
    layers = [decoder_layer(c, swiglu(c))] * prefix + [sparse] * (c.num_hidden_layers - prefix)
    return decoder(c, layers, Names(table="word_embeddings"))


def decoder_layer(c: SarvamMoe, channels: Block) -> Block:
    return pre_norm(c, attention(c), channels)


def attention(c: SarvamMoe) -> Block:
    norms = [
        rms_norm("query_layernorm", head_dim(c), role="query_norm"),
        rms_norm("key_layernorm", head_dim(c), role="key_norm"),
    ]
    normed = switched_norm(c, "use_qk_norm", "per head")
    apart = grouped_query(c, output_bias=False, qk_norm=normed, norms=norms)
    return renamed(fused(apart, "query_key_value", "dense"), {"self_attn": "attention"})
