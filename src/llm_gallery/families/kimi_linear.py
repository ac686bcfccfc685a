"""Kimi Linear: three Kimi Delta Attention layers to each of DeepSeek V3's latent attention, which has no positions.

Reference: transformers/models/kimi_linear/modular_kimi_linear.py
Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    experts,
    gated_mlp,
    kimi_delta_attention,
    mixture_of_experts,
    router,
    with_settings,
)
from llm_gallery.families._config import Count, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._saved import Saved
from llm_gallery.families.deepseek_v3 import Latent, latent
from llm_gallery.families.llama import decoder, pre_norm, shared_experts, swiglu

KINDS = ("linear_attention", "full_attention")


@config("")
class LinearAttention:
    """Sizes and places of the delta layers as the checkpoint states them; layers count from 1."""

    head_dim: Size | None = None
    num_heads: Size | None = None
    short_conv_kernel_size: Size | None = None
    kda_layers: tuple[Size, ...] | None = None
    full_attn_layers: tuple[Size, ...] | None = None


@config("kimi_linear")
class GroupedLatent(Latent):
    tie_word_embeddings: Literal[False]  # the class ties nothing
    """The keys of latent attention beside grouped experts."""

    num_local_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    n_group: Size
    topk_group: Size
    norm_topk_prob: bool
    routed_scaling_factor: float
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    moe_layer_freq: Literal[1] = 1


@config(
    "kimi_linear",
    unused=("num_nextn_predict_layers", "qk_head_dim", "use_grouped_topk"),
    unless={
        "linear_head_dim": "linear_attn_config.head_dim",
        "linear_num_heads": "linear_attn_config.num_heads",
        "linear_conv_kernel_dim": "linear_attn_config.short_conv_kernel_size",
    },
    # The conversion renames block_sparse_moe to mlp when it loads, and every mlp back when it saves.
    saved=Saved({r"block_sparse_moe\.(gate|up|down)_proj": r"mlp.\1_proj"}),
)
class KimiLinear(GroupedLatent):
    linear_attn_config: LinearAttention | None = None
    linear_head_dim: Size | None
    linear_num_heads: Size | None
    linear_conv_kernel_dim: Size | None
    first_k_dense_replace: Count = 1  # the class's own fallback
    mla_use_nope: Literal[True] = True
    moe_router_activation_func: Literal["sigmoid"] = "sigmoid"


def kimi_linear(c: KimiLinear) -> Block:
    count = c.num_hidden_layers
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    channels = {"dense": swiglu(c), "sparse": moe(c, "block_sparse_moe", ("w1", "w3", "w2"))}
    mixers = {"linear_attention": delta(c), "full_attention": latent(c, positions=NO_POSITION)}
    keys = list(
        zip(
            typed(c.layer_types, count, layer_types(c), KINDS),
            typed(c.mlp_layer_types, count, dense_first, tuple(channels), "mlp_layer_types"),
            strict=True,
        )
    )
    return decoder(c, each(keys, lambda key: decoder_layer(c, mixers[key[0]], channels[key[1]])))


def layer_types(c: KimiLinear) -> Sequence[str]:
    """As the checkpoint lists them, or each fourth but the first full."""
    stated_in = c.linear_attn_config
    if stated_in is None or stated_in.full_attn_layers is None or stated_in.kda_layers is None:
        return [KINDS[i > 0 and i % 4 == 0] for i in range(c.num_hidden_layers)]
    return [KINDS[i + 1 in stated_in.full_attn_layers] for i in range(c.num_hidden_layers)]


def decoder_layer(c: GroupedLatent, mixer: Block, channels: Block) -> Block:
    return pre_norm(c, mixer, channels)


def delta(c: KimiLinear) -> Block:
    """Decay and output gate pass through the size of a head."""
    sizes = c.linear_attn_config or LinearAttention()
    heads, dim = sizes.num_heads or c.linear_num_heads, sizes.head_dim or c.linear_head_dim
    taps = sizes.short_conv_kernel_size or c.linear_conv_kernel_dim
    assert heads is not None
    assert dim is not None
    assert taps is not None
    return kimi_delta_attention(
        "self_attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=dim,
        taps=taps,
        activation=c.hidden_act,
        decay_rank=derived(dim * 1, "head_dim"),
        gate_rank=derived(dim * 1, "head_dim"),
        decay_shape=(1, 1, int(heads), 1),
    )


def moe(
    c: GroupedLatent,
    name: str,
    names: tuple[str, str, str],
    correction: str = "e_score_correction_bias",
    limits: tuple[float | None, float | None] = (None, None),
) -> Block:
    """DeepSeek V3's experts under other keys; `names` are those of an expert's gate, up and down.

    `limits` hold what the SiLU of the routed experts gives, and of the shared: settings, so that layers
    which differ in them alone are drawn as one.
    """
    stored, used = c.num_local_experts, c.num_experts_per_tok
    multiple(stored, c.n_group, ("num_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(used, stored, ("num_experts_per_tok", "num_experts"))
    expert = gated_mlp(
        "experts",
        width=c.hidden_size,
        inner=c.moe_intermediate_size,
        activation=c.hidden_act,
        names=names,
    )
    shared = shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "num_shared_experts")
    expert = with_limit(expert, limits[0])
    shared = replace(shared, expert=with_limit(shared.expert, limits[1]))
    return mixture_of_experts(
        name,
        router=router("gate", width=c.hidden_size, experts=stored, correction=correction),
        experts=experts(expert, stored=stored, used=used),
        shared=shared,
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )


def with_limit(mlp: Block, limit: float | None) -> Block:
    """The MLP with a limit of what its activation gives, if there is one."""
    return mlp if limit is None else with_settings(mlp, limit=limit, limit_after=True)
