"""Hunyuan 3: Qwen3's attention, a dense first layer, then sigmoid-routed experts balanced by a bias, one shared.

Reference: transformers/models/hy_v3/modular_hy_v3.py
Model: https://huggingface.co/tencent/Hy3-preview
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    experts,
    mixture_of_experts,
    router,
)
from llm_gallery.families._config import Few, Size, at_most, config
from llm_gallery.families._layers import typed
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    next_token_layers,
    norm,
    pre_norm,
    shared_experts,
    swiglu,
)

OF_THE_PUBLISHED_CODE = (
    "enable_attention_fp32_softmax", "enable_lm_head_fp32", "enable_moe_fp32_combine",
    "eod_token_id", "expert_hidden_dim", "moe_router_enable_expert_bias",
    "moe_router_use_sigmoid", "qk_norm", "route_norm", "use_grouped_mm",
)  # fmt: skip


@config("hy_v3", unused=OF_THE_PUBLISHED_CODE)
class HyV3(Llama):
    num_experts: Size
    num_experts_per_tok: Size
    num_shared_experts: Size
    moe_intermediate_size: Size
    router_scaling_factor: float
    mlp_layer_types: tuple[str, ...] | None
    first_k_dense_replace: Literal[1] = 1  # what the reference does, whatever it says
    num_nextn_predict_layers: Few = 0


def hy_v3(c: HyV3) -> Block:
    default = ["dense"] + ["sparse"] * (c.num_hidden_layers - 1)
    types = typed(
        c.mlp_layer_types, c.num_hidden_layers, default, ("dense", "sparse"), "mlp_layer_types"
    )
    kinds = {"dense": decoder_layer(c, swiglu(c)), "sparse": decoder_layer(c, moe(c))}
    layers = [kinds[kind] for kind in types]
    return decoder(c, layers, beside=next_token_modules(c, kinds["sparse"]))


def decoder_layer(c: HyV3, channels: Block) -> Block:
    return pre_norm(c, grouped_query(c, qk_norm="per head"), channels)


def moe(c: HyV3) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size, bias=False)
    return mixture_of_experts(
        "mlp",
        router=router(
            "router.gate", width=c.hidden_size, experts=c.num_experts, beside="expert_bias"
        ),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=shared_experts(
            c, c.num_shared_experts, c.moe_intermediate_size, "num_shared_experts", "shared_mlp"
        ),
        scoring="sigmoid",
        scale=c.router_scaling_factor,
        normalized=True,
    )


def next_token_modules(c: HyV3, block: Block) -> Sequence[Block]:
    """Layers after the last that share embedding and head. Source: sglang/srt/models/hunyuan_v3_nextn.py"""
    return next_token_layers(c, c.num_nextn_predict_layers, block, norm(c, "final_layernorm"))
