"""DeepSeekMoE: Llama's attention, one dense layer, then many narrow softmax-routed experts beside shared ones.

Reference: mlx_lm/models/deepseek.py, and modeling_deepseek.py of the release (transformers has no such type)
Model: https://huggingface.co/deepseek-ai/deepseek-moe-16b-base
Paper: https://arxiv.org/abs/2401.06066
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import experts, mixture_of_experts, router
from llm_gallery.families._config import Count, Size, at_most, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    pre_norm,
    shared_experts,
    swiglu,
)


@config("deepseek")
class AnyDeepseek(Llama):
    """The keys of its language model, and of DeepSeek OCR's, which says more of its experts."""

    first_k_dense_replace: Count
    n_routed_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    norm_topk_prob: bool
    scoring_func: Literal["softmax"] = "softmax"
    moe_layer_freq: Literal[1] = 1
    mlp_layer_types: tuple[str, ...] | None = None
    routed_scaling_factor: float | None = None


@config("deepseek")
class Deepseek(AnyDeepseek):
    mlp_layer_types: None = None
    routed_scaling_factor: None = None


def deepseek(c: Deepseek) -> Block:
    return any_deepseek(c)


def any_deepseek(c: AnyDeepseek) -> Block:
    attention, count = grouped_query(c), c.num_hidden_layers
    default = ["dense" if i < c.first_k_dense_replace else "sparse" for i in range(count)]
    types = typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")

    def decoder_layer(kind: str) -> Block:
        return pre_norm(c, attention, moe(c) if kind == "sparse" else swiglu(c))

    return decoder(c, each(types, decoder_layer))


def moe(c: AnyDeepseek) -> Block:
    stored, used = c.n_routed_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size, bias=False)
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=stored),
        experts=experts(expert, stored=stored, used=used),
        shared=shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts"),
        scoring="softmax",
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob") if used > 1 else False,  # one keeps its share
    )
