"""K-EXAONE: EXAONE 4's attention before DeepSeek V3's experts, both after a norm.

K-EXAONE 2.0's `sliding_windows` and `swiglu_limits` are read as SGLang and Megatron read them.

Reference: transformers/models/exaone_moe/modular_exaone_moe.py; sglang/srt/models/exaone_moe.py (a window and
a limit of each layer, which transformers 5.25 passes over)
Report: https://arxiv.org/abs/2601.01739
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import known
from llm_gallery.architecture.parts import experts, facts, mixture_of_experts, router
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Size,
    at_most,
    config,
    multiple,
    per_layer,
    stated,
)
from llm_gallery.families._layers import each, limit_of, typed
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
    sliding_windows: tuple[Count, ...] | None = None  # these two are K-EXAONE 2.0's; 0 is none
    swiglu_limits: tuple[float | None, ...] | None = None


def exaone_moe(c: ExaoneMoe) -> Block:
    count = c.num_hidden_layers
    default = ["dense" if i < c.first_k_dense_replace else "sparse" for i in range(count)]
    channels = typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")
    limits = per_layer(c.swiglu_limits, count, "swiglu_limits")
    spanned = layer_windows(c)
    keys = [(spanned[i], channels[i], limit_of(limits, i)) for i in range(count)]
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)))


def decoder_layer(c: ExaoneMoe, window: int | None, channels: str, limit: float | None) -> Block:
    mixer = attention(replace(c, sliding_window=window) if window else c, window is not None)
    return pre_norm(
        c, mixer, moe(c, limit) if channels == "sparse" else with_limit(swiglu(c), limit)
    )


def layer_windows(c: ExaoneMoe) -> Sequence[int | None]:
    """The window of each layer, or None: from the list of K-EXAONE 2.0, or one for all that have any."""
    listed = per_layer(c.sliding_windows, c.num_hidden_layers, "sliding_windows")
    if listed is None:
        return [c.sliding_window if local else None for local in windows(c)]
    for index, (local, window) in enumerate(zip(windows(c), listed, strict=True)):
        if local != (window > 0):
            kind = "sliding_attention" if local else "full_attention"
            raise Refusal(
                f"sliding_windows[{index}] is {window}, expected "
                f"{'a window' if local else '0'}, since the layer is of {quoted(kind)}; make the two agree"
            )
    return [known(window, "stated", "sliding_windows") if window else None for window in listed]


def with_limit(mlp: Block, limit: float | None) -> Block:
    """The MLP whose gate and up are held before the activation, where a layer has a limit."""
    if limit is None:
        return mlp
    said = facts(limit=known(limit, "stated", "swiglu_limits"))
    return replace(mlp, facts={**mlp.facts, **said})


def moe(c: ExaoneMoe, limit: float | None) -> Block:
    multiple(c.num_experts, c.n_group, ("num_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = with_limit(swiglu(c, "experts", c.moe_intermediate_size), limit)
    shared = shared_experts(c, c.num_shared_experts, c.moe_intermediate_size, "num_shared_experts")
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=c.num_experts, beside="e_score_correction_bias"
        ),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=replace(shared, expert=with_limit(shared.expert, limit)),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
