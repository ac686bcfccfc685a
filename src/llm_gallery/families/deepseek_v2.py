"""DeepSeek V2: the first latent attention, and softmax-routed experts, best of the best groups, beside shared ones.

Reference: transformers/models/deepseek_v2/modular_deepseek_v2.py
Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    experts,
    mixture_of_experts,
    of_unstated_choice,
    router,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Size, at_most, config, multiple, stated
from llm_gallery.families.deepseek_v3 import Latent, decoder_layer
from llm_gallery.families.llama import decoder, shared_experts, swiglu


@config(
    "deepseek_v2", unused=("norm_topk_prob", "qk_head_dim")
)  # the reference never sums the weights to 1
class DeepseekV2(Latent):
    first_k_dense_replace: Count
    n_routed_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size | None
    moe_intermediate_size: Size
    n_group: Size | None
    topk_group: Size | None
    topk_method: Literal["greedy", "group_limited_greedy"]
    routed_scaling_factor: float
    scoring_func: Literal["softmax"] = "softmax"
    moe_layer_freq: Literal[1] = 1


def deepseek_v2(c: DeepseekV2) -> Block:
    dense = min(c.first_k_dense_replace, c.num_hidden_layers)
    layers = [decoder_layer(c, swiglu(c))] * dense + [decoder_layer(c, moe(c))] * (
        c.num_hidden_layers - dense
    )
    return decoder(c, layers)


def moe(c: DeepseekV2) -> Block:
    groups = None
    if c.topk_method == "group_limited_greedy":
        if c.n_group is None or c.topk_group is None:
            key = "n_group" if c.n_group is None else "topk_group"
            raise Refusal(
                f"{key} is null, expected an integer where topk_method is group_limited_greedy; "
                "correct it in the config"
            )
        groups = c.n_group, c.topk_group
        multiple(c.n_routed_experts, c.n_group, ("n_routed_experts", "n_group"))
        at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    used = c.num_experts_per_tok or c.n_routed_experts  # null by default
    at_most(used, c.n_routed_experts, ("num_experts_per_tok", "n_routed_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size, bias=False)
    mixture = mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.n_routed_experts),
        experts=experts(expert, stored=c.n_routed_experts, used=used),
        shared=shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts"),
        scoring="softmax",
        groups=groups,
        scale=c.routed_scaling_factor,
        normalized=False,
    )
    if c.num_experts_per_tok is None:
        mixture = of_unstated_choice(mixture, stated(c, "num_experts_per_tok"))
    return with_settings(mixture, group_best=1)
