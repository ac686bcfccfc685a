"""LFM2 MoE: LFM2 with a short dense prefix and sigmoid-routed experts in all later layers.

Reference: transformers/models/lfm2_moe/modular_lfm2_moe.py
Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import experts, mixture_of_experts, router, with_settings
from llm_gallery.families._config import Count, Size, at_most, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.lfm2 import Convolving, decoder_layer, stacked
from llm_gallery.families.llama import swiglu


@config("lfm2_moe")
class Lfm2Moe(Convolving):
    layer_types: tuple[str, ...]
    moe_intermediate_size: Size
    num_dense_layers: Count
    num_experts: Size
    num_experts_per_tok: Size
    use_expert_bias: bool
    norm_topk_prob: bool
    routed_scaling_factor: float


def lfm2_moe(c: Lfm2Moe) -> Block:
    count = c.num_hidden_layers
    types = typed(c.layer_types, count, (), ("conv", "full_attention"))
    keys = [(kind, i < c.num_dense_layers) for i, kind in enumerate(types)]
    channels = {True: swiglu(c, "feed_forward"), False: moe(c)}
    return stacked(c, each(keys, lambda key: decoder_layer(c, key[0], channels[key[1]])))


def moe(c: Lfm2Moe) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    balance = "expert_bias" if c.use_expert_bias else None
    mixture = mixture_of_experts(
        "feed_forward",
        router=router("gate", width=c.hidden_size, experts=c.num_experts, beside=balance),
        experts=experts(
            swiglu(c, "experts", c.moe_intermediate_size),
            stored=c.num_experts,
            used=c.num_experts_per_tok,
        ),
        scoring="sigmoid",
        normalized=stated(c, "norm_topk_prob"),
        scale=c.routed_scaling_factor,
    )
    return with_settings(mixture, share_eps=1e-6)
