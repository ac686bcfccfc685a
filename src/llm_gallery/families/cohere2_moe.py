"""Command A+ and North: Cohere 2's parallel layers with experts beside the attention, after a dense prefix.

Reference: transformers/models/cohere2_moe/modular_cohere2_moe.py
Model: https://huggingface.co/CohereLabs/North-Mini-Code-1.0
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Shared,
    experts,
    layer_norm,
    mixture_of_experts,
    rms_norm,
    router,
)
from llm_gallery.families._config import Count, Size, at_most, config, stated
from llm_gallery.families._layers import each, every_nth, sliding, typed
from llm_gallery.families.cohere import parallel
from llm_gallery.families.cohere2 import OF_THE_TRAINING_CODE, Windowed, attention
from llm_gallery.families.llama import decoder, swiglu


@config("cohere2_moe", unused=OF_THE_TRAINING_CODE, computes={"pairs": True})
class Cohere2Moe(Windowed):
    num_experts: Size
    num_experts_per_tok: Size
    num_shared_experts: Count
    shared_expert_combination_strategy: Literal["average", "sum"]
    expert_selection_fn: Literal["softmax", "sigmoid"]
    norm_topk_prob: bool
    mlp_layer_types: tuple[str, ...] | None
    first_k_dense_replace: Count = 0
    prefix_dense_intermediate_size: Size | None
    prefix_dense_sliding_window_pattern: Size
    rms_norm_eps: float | None = None


def cohere2_moe(c: Cohere2Moe) -> Block:
    count, prefix = c.num_hidden_layers, min(c.first_k_dense_replace, c.num_hidden_layers)
    default = [
        *every_nth(c.prefix_dense_sliding_window_pattern, prefix),
        *every_nth(c.sliding_window_pattern, count - prefix),
    ]
    local = sliding(c.layer_types, count, default)
    channels = typed(
        c.mlp_layer_types,
        count,
        ["dense"] * prefix + ["sparse"] * (count - prefix),
        ("dense", "sparse"),
        "mlp_layer_types",
    )
    keys = list(zip(local, channels, strict=True))
    layers = each(keys, lambda key: decoder_layer(c, *key))
    final = norm(c, "norm")
    return decoder(c, layers, after=(final,), head=Head(scale=c.logit_scale))


def decoder_layer(c: Cohere2Moe, local: bool, channels: str) -> Block:
    """The dense prefix is rotated even where it sees everything, if it has no windows of its own."""
    dense = channels == "dense"
    rotated = dense and c.prefix_dense_sliding_window_pattern == 1
    part = swiglu(c, "mlp", c.prefix_dense_intermediate_size) if dense else moe(c)
    return parallel(norm(c, "input_layernorm"), attention(c, local=local, rotated=rotated), part)


def norm(c: Cohere2Moe, name: str) -> Block:
    """RMSNorm where the config gives it an epsilon, Cohere's LayerNorm without shift elsewhere."""
    if c.rms_norm_eps is not None:
        return rms_norm(name, c.hidden_size)
    return layer_norm(name, c.hidden_size, bias=False)


def moe(c: Cohere2Moe) -> Block:
    """The top logits are chosen first; a softmax over them sums to 1 by itself."""
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    wide = derived(
        c.num_shared_experts * c.intermediate_size, "num_shared_experts x intermediate_size"
    )
    sigmoid = c.expert_selection_fn == "sigmoid"
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=experts(swiglu(c, "experts"), stored=c.num_experts, used=c.num_experts_per_tok),
        shared=Shared(
            swiglu(c, "shared_experts", wide),
            c.num_shared_experts,
            combined=c.shared_expert_combination_strategy,
        )
        if c.num_shared_experts
        else None,
        scoring=c.expert_selection_fn,
        normalized=stated(c, "norm_topk_prob") if sigmoid else True,
    )
