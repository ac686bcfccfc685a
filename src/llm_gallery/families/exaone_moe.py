"""K-EXAONE: EXAONE 4's attention before DeepSeek V3's experts, both after a norm.

Reference: transformers/models/exaone_moe/modular_exaone_moe.py
Model: https://huggingface.co/LGAI-EXAONE/K-EXAONE-236B-A23B
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import experts, mixture_of_experts, router
from llm_gallery.families._config import Count, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import typed
from llm_gallery.families.exaone4 import Exaone4, attention, windows
from llm_gallery.families.llama import decoder, pre_norm, shared_experts, swiglu


@config("exaone_moe")
class ExaoneMoe(Exaone4):
    mlp_layer_types: tuple[str, ...] | None
    first_k_dense_replace: Count
    moe_intermediate_size: Size
    num_experts: Size
    num_experts_per_tok: Size
    num_shared_experts: Size
    norm_topk_prob: bool
    routed_scaling_factor: float
    n_group: Size
    topk_group: Size
    scoring_func: Literal["sigmoid"] = "sigmoid"  # what the reference computes, whatever it says
    topk_method: Literal["noaux_tc"] = "noaux_tc"


def exaone_moe(c: ExaoneMoe) -> Block:
    count = c.num_hidden_layers
    default = ["dense" if i < c.first_k_dense_replace else "sparse" for i in range(count)]
    channels = typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")
    keys = list(zip(windows(c), channels, strict=True))
    kinds = {
        (local, kind): pre_norm(c, attention(c, local), moe(c) if kind == "sparse" else swiglu(c))
        for local, kind in set(keys)
    }
    return decoder(c, [kinds[key] for key in keys])


def moe(c: ExaoneMoe) -> Block:
    multiple(c.num_experts, c.n_group, ("num_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=c.num_experts, beside="e_score_correction_bias"
        ),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=shared_experts(
            c, c.num_shared_experts, c.moe_intermediate_size, "num_shared_experts"
        ),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
