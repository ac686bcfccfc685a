"""GigaChat 3.5: DeepSeek V3's experts behind Gated DeltaNet in three layers of four and gated latent attention in the fourth, every norm times a gate.

Each prediction module stores embedding and head again. Options of vLLM's class that no release states are refused.

Reference: vllm/model_executor/models/gigachat3_5.py, gigachat3_5_mtp.py
Reference: sglang/srt/models/gigachat35.py, gigachat35_nextn.py
Model: https://huggingface.co/ai-sage/GigaChat3.5-432B-A28B-Reasoning
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    gated_deltanet,
    gated_norm,
    layer,
    linear,
    residual,
    with_settings,
)
from llm_gallery.families._config import Count, Few, Size, config, multiple
from llm_gallery.families._layers import each, typed
from llm_gallery.families.deepseek_v3 import (
    AnyDeepseekV3,
    latent,
    limited,
    moe,
    next_token_modules,
    value_dim,
    with_model_epsilon,
    with_scaled_latents,
)
from llm_gallery.families.kimi_linear import KINDS
from llm_gallery.families.llama import decoder, norm, swiglu

RANK = 16
"""Through how many numbers a norm's gate is computed; no key says so."""


@config(
    "gigachat3_5",
    unused=("attention_distillation", "optimizer_eps"),
    computes={"offset": 1.0},
    classes=("GigaChat35ForCausalLM",),
)
class GigaChat35(AnyDeepseekV3):
    """Defaults are those of vLLM's class; what no release states otherwise is refused."""

    hidden_act: str = "silu"
    num_key_value_heads: Size | None = None
    num_nextn_predict_layers: Few | None = 0
    nextn_is_sparse: bool | None = None
    rope_interleave: bool = True
    attention_bias: Literal[False] = False
    attention_type: Literal["LlamaLatentAttention"] = "LlamaLatentAttention"
    num_krope_heads: Literal[1] = 1
    gated_attention: bool = True
    use_mla_scaling_factor: bool = True
    use_shared_expert_sigmoid: Literal[False] = False
    norm_type: Literal["ZeroCenteredGatedNorm"] = "ZeroCenteredGatedNorm"
    layernorm_type: Literal["pre_post"] = "pre_post"
    layernorm_gating_weight: float = 2.0
    linear_attention_type: Literal["Qwen3NextGatedDeltaNet"] = "Qwen3NextGatedDeltaNet"
    linear_gating_type: Literal["gated_rmsnorm_sigmoid_zero_centered"] = (
        "gated_rmsnorm_sigmoid_zero_centered"
    )
    linear_use_short_conv: Literal[True] = True
    linear_use_legacy_qkvz_layout: Literal[False] = False
    linear_sigmoid_gate_scale: float = 2.0
    linear_attn_o_norm_eps: float | None = None
    linear_num_key_heads: Size
    linear_num_value_heads: Size
    linear_key_head_dim: Size
    linear_value_head_dim: Size
    linear_conv_kernel_dim: Size
    full_attention_layers: tuple[Count, ...] | None = None
    layer_types: tuple[str, ...] | None = None
    swiglu_limit: float | None = 10.0


def gigachat3_5(c: GigaChat35) -> Block:
    limit = c.swiglu_limit or None
    mixers = {"linear_attention": delta(c), "full_attention": attention(c)}
    channels = {True: moe(c, limit=limit), False: limited(swiglu(c), limit)}
    keys = [(kind, i >= c.first_k_dense_replace) for i, kind in enumerate(schedule(c))]
    last = decoder_layer(c, mixers["full_attention"], channels[bool(c.nextn_is_sparse)])
    return decoder(
        c,
        each(keys, lambda key: decoder_layer(c, mixers[key[0]], channels[key[1]])),
        after=(gated(c, norm(c, "norm")),),
        beside=[gated(c, module) for module in next_token_modules(c, last)],
    )


def schedule(c: GigaChat35) -> list[str]:
    """The mixer of each layer: those that a list numbers attend, counted from 0, or one is named for each."""
    count, full = c.num_hidden_layers, c.full_attention_layers
    numbered = [KINDS[i in (full or ())] for i in range(count)]
    return numbered if full is not None else [*typed(c.layer_types, count, numbered, KINDS)]


def decoder_layer(c: GigaChat35, mixer: Block, channels: Block) -> Block:
    """Norms before and after each of both branches."""
    before, between = norm(c, "input_layernorm"), norm(c, "post_attention_layernorm")
    after, last = norm(c, "post_self_attn_layernorm"), norm(c, "post_feedforward_layernorm")
    return layer(
        residual(gated(c, before), mixer, gated(c, after)),
        residual(gated(c, between), channels, gated(c, last)),
    )


def gated(c: GigaChat35, part: Block) -> Block:
    """The same part, each norm in it times its gate."""
    if part.kind == "rms_norm" and "gate_rank" not in part.facts:
        names = ("gate_up_projection", "gate_down_projection")
        return gated_norm(part, RANK, names, scale=c.layernorm_gating_weight)
    return replace(part, inside=tuple(gated(c, inner) for inner in part.inside))


def attention(c: GigaChat35) -> Block:
    """Latents times the root of how much wider the stream is, and each channel of the heads times a gate."""
    wide = c.num_attention_heads * value_dim(c)
    gate = linear("gate_proj", c.hidden_size, wide, role="gate") if c.gated_attention else None
    mixer = gated(c, with_model_epsilon(latent(c, gate=gate)))
    used = c.use_mla_scaling_factor
    return with_scaled_latents(c, mixer, query=used, key_value=used)


def delta(c: GigaChat35) -> Block:
    """Qwen3-Next's, whose output is normed by one plus a scale, and gated by a sigmoid times a factor."""
    heads = ("linear_num_value_heads", "linear_num_key_heads")
    multiple(c.linear_num_value_heads, c.linear_num_key_heads, heads)
    mixer = gated_deltanet(
        "self_attn",
        width=c.hidden_size,
        key_heads=c.linear_num_key_heads,
        value_heads=c.linear_num_value_heads,
        key_dim=c.linear_key_head_dim,
        value_dim=c.linear_value_head_dim,
        taps=c.linear_conv_kernel_dim,
        activation=c.hidden_act,
        gate="sigmoid",
    )
    eps = c.linear_attn_o_norm_eps
    eps_argument = {} if eps is None else {"eps": eps}
    inside = (
        replace(part, settings=eps_argument) if "output_norm" in part.roles else part
        for part in mixer.inside
    )
    mixer = replace(mixer, inside=tuple(inside))
    scale = c.linear_sigmoid_gate_scale
    return mixer if scale == 1 else with_settings(mixer, gate_scale=scale)
