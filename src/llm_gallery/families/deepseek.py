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
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    pre_norm,
    shared_experts,
    swiglu,
)


@config("deepseek")
class Deepseek(Llama):
    first_k_dense_replace: Count
    n_routed_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    norm_topk_prob: bool
    scoring_func: Literal["softmax"] = "softmax"
    moe_layer_freq: Literal[1] = 1


def deepseek(c: Deepseek) -> Block:
    attention = grouped_query(c)
    dense = min(c.first_k_dense_replace, c.num_hidden_layers)
    sparse = pre_norm(c, attention, moe(c))
    layers = [pre_norm(c, attention, swiglu(c))] * dense + [sparse] * (c.num_hidden_layers - dense)
    return decoder(c, layers)


def moe(c: Deepseek) -> Block:
    stored, used = c.n_routed_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=stored),
        experts=experts(expert, stored=stored, used=used),
        shared=shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts"),
        scoring="softmax",
        normalized=stated(c, "norm_topk_prob") if used > 1 else False,  # one keeps its share
    )
