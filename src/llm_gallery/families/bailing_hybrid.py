"""Ling 2.5 and 3.0: linear attention in most layers (Lightning, then Kimi Delta Attention), latent attention in the last of each group.

Where published codes differ, the release counts: heads forget by layer i − 1 of N − 1. The limits of Ling 3.0's
experts are settings, so that layers stay one kind in figures.

Reference: transformers/models/bailing_hybrid/modular_bailing_hybrid.py (Kimi Delta Attention)
Reference: sglang/srt/models/bailing_moe_v3.py (limits of the experts)
Reference: https://github.com/inclusionAI/Ring-V2.5/blob/main/models/modeling_bailing_moe_v2_5.py (Lightning attention)
Model: https://huggingface.co/inclusionAI/Ling-2.5-1T
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import (
    Names,
    kimi_delta_attention,
    lightning_attention,
    linear,
    renamed,
    with_settings,
)
from llm_gallery.families._config import Count, Few, Size, config, same, stated
from llm_gallery.families._layers import each, limit_of, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import latent
from llm_gallery.families.kimi_linear import KINDS, GroupedLatent, decoder_layer, moe
from llm_gallery.families.llama import decoder, head_dim, next_token_layers, norm, swiglu

NOT_COMPUTED = (
    "gated_attention_proj_granularity_type", "max_window_layers", "moe_router_enable_expert_bias",
    "moe_shared_expert_intermediate_size", "mtp_loss_scaling_factor", "mtp_use_kda",
    "output_dropout", "qk_head_dim", "router_dtype", "scale_router_input", "up_proj_norm",
    "use_nGPT", "use_qkv_bias", "value_norm",
)  # fmt: skip
NAMES = {"self_attn": "attention", "o_proj": "dense"}
"""The checkpoint's names for DeepSeek V3's."""


@config(
    "bailing_hybrid",
    unused=NOT_COMPUTED,
    unless=dict.fromkeys(
        ("short_conv_kernel_size", "kda_safe_gate", "kda_lower_bound"),
        "num_kv_heads_for_linear_attn",
    ),
    classes=("BailingMoeV2_5ForCausalLM", "BailingMoeV3ForCausalLM"),
)
class BailingHybrid(GroupedLatent):
    first_k_dense_replace: Count
    layer_group_size: Size
    short_conv_kernel_size: Size | None
    kda_safe_gate: bool | None
    kda_lower_bound: float | None
    linear_head_dim: Size | None = None  # these three in configs that the reference saved
    linear_num_heads: Size | None = None
    linear_conv_kernel_dim: Size | None = None
    num_mtp_layers: Few
    use_kda_lora: Literal[False] = False
    no_kda_lora: Literal[True] = True
    use_mla_nope: Literal[False] = False
    use_bias: Literal[False] = False
    scoring_func: Literal["sigmoid"] = "sigmoid"
    score_function: Literal["sigmoid"] = "sigmoid"
    topk_method: Literal["noaux_tc"] = "noaux_tc"
    rope_interleave: bool = True
    num_kv_heads_for_linear_attn: Count = 0  # Lightning attention where there are any
    group_norm_size: Size = 1
    linear_silu: bool = False
    use_qk_norm: bool = False
    rotary_dim: Size | None = None
    expert_swiglu_limit_list: tuple[float | None, ...] | None = None
    share_expert_swiglu_limit_list: tuple[float | None, ...] | None = None


def bailing_hybrid(c: BailingHybrid) -> Block:
    count = c.num_hidden_layers
    types = typed(c.layer_types, count, last_of_groups(c), KINDS)
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    which = typed(c.mlp_layer_types, count, dense_first, ("dense", "sparse"), "mlp_layer_types")
    mixers = {"linear_attention": linear_attention(c), "full_attention": full_attention(c)}
    keys = [
        (kind, experts_or_not, limits(c, i) if experts_or_not == "sparse" else ())
        for i, (kind, experts_or_not) in enumerate(zip(types, which, strict=True))
    ]
    last = decoder_layer(c, mixers["full_attention"], experts(c))
    beside = next_token_layers(c, c.num_mtp_layers, last, norm(c, "final_layernorm"))
    return decoder(
        c,
        each(
            keys,
            lambda key: decoder_layer(
                c, mixers[key[0]], swiglu(c) if key[1] == "dense" else experts(c, *key[2])
            ),
        ),
        Names(table="word_embeddings"),
        beside=beside,
    )


def last_of_groups(c: BailingHybrid) -> list[str]:
    """The last layer of each group attends, and with Lightning attention those after the last whole group too."""
    size, count = c.layer_group_size, c.num_hidden_layers
    after = count // size * size if c.num_kv_heads_for_linear_attn else count
    return [KINDS[(i + 1) % size == 0 or i >= after] for i in range(count)]


def limits(c: BailingHybrid, index: int) -> tuple[float | None, float | None]:
    """Of the routed and of the shared experts of a layer: what their SiLU gives is held as in Step 3.5."""
    return (
        limit_of(c.expert_swiglu_limit_list, index),
        limit_of(c.share_expert_swiglu_limit_list, index),
    )


def experts(
    c: BailingHybrid, limit: float | None = None, of_every_token: float | None = None
) -> Block:
    names = ("gate_proj", "up_proj", "down_proj")
    return moe(c, "mlp", names, correction="expert_bias", limits=(limit, of_every_token))


def linear_attention(c: BailingHybrid) -> Block:
    return lightning(c) if c.num_kv_heads_for_linear_attn else delta(c)


def full_attention(c: BailingHybrid) -> Block:
    """Ling 3.0 gates each head's output, Ling 2.5 none."""
    heads = c.num_attention_heads
    gate = (
        None
        if c.num_kv_heads_for_linear_attn
        else linear("g_proj", c.hidden_size, heads, role="gate")
    )
    return renamed(latent(c, gate=gate), NAMES)


def lightning(c: BailingHybrid) -> Block:
    heads, dim = c.num_attention_heads, head_dim(c)
    same(
        c.num_kv_heads_for_linear_attn,
        heads,
        ("num_kv_heads_for_linear_attn", "num_attention_heads"),
    )
    positions = rope(c, dim)._replace(pairs=False)
    if c.rotary_dim is not None and positions.rotated is not None:
        same(c.rotary_dim, positions.rotated, ("rotary_dim", "head_dim x partial_rotary_factor"))
    mixer = lightning_attention(
        "attention",
        width=c.hidden_size,
        heads=heads,
        head_dim=dim,
        positions=positions,
        names=("query_key_value", "g_norm", "g_proj", "dense"),
        activation=c.hidden_act if c.linear_silu else None,
        qk_norms=("query_layernorm", "key_layernorm") if c.use_qk_norm else None,
        norm_groups=c.group_norm_size,
        state_dtype="float32",
    )
    return with_settings(mixer, scale_dim=int(dim), rates="alibi")


def delta(c: BailingHybrid) -> Block:
    heads = c.linear_num_heads or c.num_attention_heads
    taps = c.linear_conv_kernel_dim or c.short_conv_kernel_size
    assert taps is not None
    floor = stated(c, "kda_lower_bound")
    mixer = kimi_delta_attention(
        "self_attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=c.linear_head_dim or head_dim(c),
        taps=taps,
        activation=c.hidden_act,
        decay_rank=None,
        gate_rank=None,
        decay_shape=(int(heads),),
        decay_floor=floor if c.kda_safe_gate else Fact(None),
    )
    return renamed(mixer, NAMES)
