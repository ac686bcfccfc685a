"""Qwen3-VL with experts: Qwen3 MoE under Qwen3-VL's vision tower, the experts of a layer in one tensor.

Reference: transformers/models/qwen3_vl_moe/modular_qwen3_vl_moe.py
Paper: https://arxiv.org/abs/2511.21631
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, mixture_of_experts, router, stacked_experts
from llm_gallery.families._config import Count, Size, at_most, config, stated
from llm_gallery.families._layers import each, sparse
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen3_vl import DeepVision, deep_vision


@config("qwen3_vl_moe_text", unused=("norm_topk_prob", "sliding_window"))
class Qwen3VlMoeText(Llama):
    tie_word_embeddings: bool = False  # said outside
    num_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    decoder_sparse_step: Size
    mlp_only_layers: tuple[Count, ...] | None


# Loading swaps the release's inputs and outputs, saving doesn't swap them back.
@config("qwen3_vl_moe", saved=Saved(turned=r"mlp\.experts\.(gate_up|down)_proj$"))
class Qwen3VlMoe:
    text_config: Qwen3VlMoeText
    vision_config: DeepVision
    tie_word_embeddings: bool


def qwen3_vl_moe(c: Qwen3VlMoe) -> Block:
    text = c.text_config
    has_experts = sparse(
        text.num_hidden_layers, text.decoder_sparse_step, text.mlp_only_layers, text.num_experts
    )
    attention = grouped_query(text, qk_norm="per head")
    body = decoder(
        text,
        each(
            has_experts, lambda key: pre_norm(text, attention, moe(text) if key else swiglu(text))
        ),
        Names("model.language_model"),
        tied=stated(c, "tie_word_embeddings"),
    )
    return replace(body, inside=(*body.inside, deep_vision(c.vision_config)))


def moe(c: Qwen3VlMoeText) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=stacked_experts(
            "experts",
            stored=c.num_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
        ),
        scoring="softmax",
        normalized=True,
    )
