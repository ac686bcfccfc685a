"""Mistral Large 3: DeepSeek V3's layers under Mistral's names, experts chosen by a softmax without balancing bias.

The temperature is implied where a config leaves `llama_4_scaling` out, as serving code demands it.

Reference: sglang/srt/models/mistral_large_3.py, vllm/transformers_utils/configs/mistral.py
Model: https://huggingface.co/mistralai/Mistral-Large-3-675B-Instruct-2512
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import (
    Names,
    Positions,
    Shared,
    experts,
    linear,
    mixture_of_experts,
    renamed,
    rms_norm,
    router,
)
from llm_gallery.families._config import (
    Few,
    Size,
    config,
    experts_in_groups,
    stated,
)
from llm_gallery.families._rope import rope
from llm_gallery.families._rope_scale import extension, number, unscaled, yarn
from llm_gallery.families.beside._pixtral import Pixtral, pixtral
from llm_gallery.families.deepseek_v3 import GroupedExperts, Latent, latent
from llm_gallery.families.llama import decoder, pre_norm, swiglu
from llm_gallery.families.ministral3 import with_temperature

NAMES = {
    "self_attn": "attention", "q_proj": "wq", "q_a_proj": "wq_a", "q_a_layernorm": "q_a_norm",
    "q_b_proj": "wq_b", "kv_a_proj_with_mqa": "wkv_a_with_mqa", "kv_a_layernorm": "kv_a_norm",
    "kv_b_proj": "wkv_b", "o_proj": "wo", "gate_proj": "w1", "up_proj": "w3", "down_proj": "w2",
    "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
    "vision_tower": "vision_encoder", "k_proj": "wk", "v_proj": "wv",
}  # fmt: skip
"""What the checkpoint calls the parts of DeepSeek V3 and of Pixtral."""
BOUNDS = {"beta": "beta_fast", "alpha": "beta_slow"}
"""What params.json calls YaRN's bounds."""


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
    dense, sparse = decoder_layer(c, swiglu(c, "feed_forward")), decoder_layer(c, moe(c))
    layers = [dense] * first + [sparse] * (c.num_hidden_layers - first)
    body = decoder(c, layers, Names("", "tok_embeddings", "output"))
    if c.vision_config is None:
        return body
    vision = (renamed(pixtral(c.vision_config), NAMES), projector(c.vision_config, c.hidden_size))
    return replace(body, inside=(*body.inside, *vision))


def decoder_layer(c: MistralLarge3, channels: Block) -> Block:
    scaled = score_scale(c)
    attention = latent(
        c, positions=positions(c), score_scale=scaled, temperature_tuning=temperature(c)
    )
    return renamed(
        pre_norm(c, with_temperature(attention, temperature_numbers(c)), channels), NAMES
    )


def positions(c: MistralLarge3) -> Positions:
    """YaRN's bounds under the names that params.json has for them."""
    positions = rope(c, c.qk_rope_head_dim, lengthened=False)
    where, scaling = extension(c)
    bounds = {
        name: number(scaling, key, where)
        for key, name in BOUNDS.items()
        if scaling.get(key) is not None
    }
    stretch = {
        name: value for name, value in (positions.stretch or {}).items() if name not in BOUNDS
    }
    return positions._replace(stretch=stretch | bounds)


def score_scale(c: MistralLarge3) -> float | None:
    """YaRN's factor, on all scores as in DeepSeek V3, where `apply_scale` isn't false."""
    key, scaling = extension(c)
    if scaling.get("factor") is None or unscaled(scaling):
        return None
    share = yarn(number(scaling, "factor", key), 1.0)
    return derived(share**2, "(0.1 ln factor + 1)^2")


def temperature(c: MistralLarge3) -> Fact:
    """Llama 4's temperature: the serving code takes no Mistral Large 3 without it, whatever a translation left out."""
    key = "llama_4_scaling"
    return Fact(True, "stated" if c.llama_4_scaling else "implied", key)


def temperature_numbers(c: MistralLarge3) -> Mapping[str, Any]:
    """Its numbers, under the names that Ministral 3 has for them."""
    scaling, old = c.llama_4_scaling or {}, "original_max_position_embeddings"
    names = {"beta": "llama_4_scaling_beta", old: old}
    return {
        name: number(scaling, key, "llama_4_scaling")
        for key, name in names.items()
        if scaling.get(key) is not None
    }


def moe(c: GroupedExperts) -> Block:
    experts_in_groups(c.n_routed_experts, c.num_experts_per_tok, c.n_group, c.topk_group)
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
