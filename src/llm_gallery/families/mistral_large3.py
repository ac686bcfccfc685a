"""Mistral Large 3: DeepSeek V3's layers under Mistral's names, experts chosen by a softmax without balancing bias.

Reference: sglang/srt/models/mistral_large_3.py, vllm/transformers_utils/configs/mistral.py
Model: https://huggingface.co/mistralai/Mistral-Large-3-675B-Instruct-2512
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import (
    Names,
    Shared,
    experts,
    linear,
    mixture_of_experts,
    renamed,
    rms_norm,
    router,
)
from llm_gallery.families._config import Few, Size, at_most, config, multiple, stated
from llm_gallery.families.deepseek_v3 import GroupedExperts, Latent, latent
from llm_gallery.families.llama import decoder, pre_norm, swiglu
from llm_gallery.families.mistral3 import Pixtral, pixtral

NAMES = {
    "self_attn": "attention", "q_proj": "wq", "q_a_proj": "wq_a", "q_a_layernorm": "q_a_norm",
    "q_b_proj": "wq_b", "kv_a_proj_with_mqa": "wkv_a_with_mqa", "kv_a_layernorm": "kv_a_norm",
    "kv_b_proj": "wkv_b", "o_proj": "wo", "gate_proj": "w1", "up_proj": "w3", "down_proj": "w2",
    "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
    "vision_tower": "vision_encoder", "k_proj": "wk", "v_proj": "wv",
}  # fmt: skip
"""What the checkpoint calls the parts of DeepSeek V3 and of Pixtral."""


@config(
    "",
    unused=(
        "image_break_token_id", "image_end_token_id", "image_size", "max_image_size",
        "mm_projector_id", "num_attention_heads", "rope_theta",
    ),
)  # fmt: skip
class LargeVision(Pixtral):
    hidden_act: str = "silu"  # fixed by the class
    spatial_merge_size: Size
    add_pre_mm_projector_layer_norm: bool
    adapter_bias: bool


@config("mistral_large3", unused=("_provenance", "moe_layer_freq"))
class MistralLarge3(GroupedExperts, Latent):
    llama_4_scaling: dict[str, Any] | None = None
    norm_topk_prob: bool = True  # as the serving code sets it
    num_nextn_predict_layers: Few | None = 0
    vision_config: LargeVision | None = None


def mistral_large3(c: MistralLarge3) -> Block:
    first = min(c.first_k_dense_replace, c.num_hidden_layers)
    dense, sparse = one(c, swiglu(c, "feed_forward")), one(c, moe(c))
    layers = [dense] * first + [sparse] * (c.num_hidden_layers - first)
    body = decoder(c, layers, Names("", "tok_embeddings", "output"))
    if c.vision_config is None:
        return body
    vision = (renamed(pixtral(c.vision_config), NAMES), projector(c.vision_config, c.hidden_size))
    return replace(body, inside=(*body.inside, *vision))


def one(c: MistralLarge3, channels: Block) -> Block:
    return renamed(
        pre_norm(c, latent(c, temperature_tuning=warmed(c)), channels),
        NAMES,
    )


def warmed(c: MistralLarge3) -> Fact:
    """Llama 4's temperature: the serving code takes no Mistral Large 3 without it, whatever a translation left out."""
    key = "llama_4_scaling"
    return Fact(True, "stated" if c.llama_4_scaling else "implied", key)


def moe(c: MistralLarge3) -> Block:
    multiple(c.n_routed_experts, c.n_group, ("n_routed_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(c.num_experts_per_tok, c.n_routed_experts, ("num_experts_per_tok", "n_routed_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "",
        router=router("gate", width=c.hidden_size, experts=c.n_routed_experts),
        experts=experts(expert, stored=c.n_routed_experts, used=c.num_experts_per_tok),
        shared=Shared(
            swiglu(c, "shared_experts", c.n_shared_experts * c.moe_intermediate_size),
            c.n_shared_experts,
        ),
        scoring="softmax",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )


def projector(c: LargeVision, stream: int) -> Block:
    width, bias = c.hidden_size, c.adapter_bias
    normed = (
        (rms_norm("pre_mm_projector_norm", width),) if c.add_pre_mm_projector_layer_norm else ()
    )
    inside = (
        *normed,
        linear("patch_merger.merging_layer", width * c.spatial_merge_size**2, width),
        linear("vision_language_adapter.w_in", width, stream, bias=bias),
        linear("vision_language_adapter.w_out", stream, stream, bias=bias),
    )
    return Block("projector", "", inside=inside)
