"""Falcon-H1: attention and Mamba-2 side by side in every layer, with a constant on every path.

Reference: transformers/models/falcon_h1/modular_falcon_h1.py
Paper: https://arxiv.org/abs/2507.22448
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Convolved,
    Head,
    Scaling,
    added,
    facts,
    layer,
    mamba2,
    residual,
    with_settings,
)
from llm_gallery.families._config import Size, config, exactly, multiple, same
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config(
    "falcon_h1",
    unused=(
        "attn_layer_indices", "mamba_chunk_size", "mamba_use_mlp",
        "mlp_expansion_factor",
    ),
)  # fmt: skip
class FalconH1(Llama):
    mamba_d_ssm: Size | None
    mamba_n_heads: Size
    mamba_d_head: Size | Literal["auto"]
    mamba_n_groups: Size
    mamba_d_state: Size
    mamba_d_conv: Size
    mamba_expand: Size
    mamba_conv_bias: bool
    mamba_proj_bias: bool
    mamba_rms_norm: bool
    mamba_norm_before_gate: bool
    projectors_bias: bool
    lm_head_multiplier: float
    embedding_multiplier: float
    key_multiplier: float
    attention_in_multiplier: float
    attention_out_multiplier: float
    ssm_in_multiplier: float
    ssm_out_multiplier: float
    ssm_multipliers: tuple[float, ...] | None
    mlp_multipliers: tuple[float, ...] | None


def falcon_h1(c: FalconH1) -> Block:
    decoder_layer = layer(
        residual(norm(c, "input_layernorm"), added(state_space(c), attention(c))),
        residual(norm(c, "pre_ff_layernorm"), mlp(c)),
    )
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        after=(norm(c, "final_layernorm"),),
        embedding_scale=c.embedding_multiplier,
        head=Head(scale=c.lm_head_multiplier),
    )


def attention(c: FalconH1) -> Block:
    """A constant on the keys is one on the scores."""
    scales = facts(input_scale=c.attention_in_multiplier, output_scale=c.attention_out_multiplier)
    block = grouped_query(c, scaling=Scaling(score_scale=c.key_multiplier))
    return replace(block, facts={**block.facts, **scales})


def state_space(c: FalconH1) -> Block:
    inner = c.mamba_expand * c.hidden_size if c.mamba_d_ssm is None else c.mamba_d_ssm
    said = "mamba_expand x hidden_size" if c.mamba_d_ssm is None else "mamba_d_ssm"
    even = multiple(inner, c.mamba_n_heads, (said, "mamba_n_heads"))
    size = c.mamba_d_head
    if not isinstance(size, str):
        same(size * c.mamba_n_heads, inner, ("mamba_n_heads x mamba_d_head", said))
    scales = facts(
        input_scale=c.ssm_in_multiplier,
        output_scale=c.ssm_out_multiplier,
        projection_scales=part_factors(c.ssm_multipliers, ("z", "x", "B", "C", "dt")),
    )
    block = mamba2(
        "mamba",
        width=c.hidden_size,
        heads=c.mamba_n_heads,
        head_dim=derived(even, "mamba_d_ssm / mamba_n_heads") if isinstance(size, str) else size,
        state_dim=c.mamba_d_state,
        groups=c.mamba_n_groups,
        convolved=Convolved(c.mamba_d_conv, c.hidden_act, c.mamba_conv_bias),
        bias=c.mamba_proj_bias,
        output_bias=c.projectors_bias,
        normed=c.mamba_rms_norm,
    )
    if c.ssm_multipliers is not None:
        block = with_settings(block, scales=[float(scale) for scale in c.ssm_multipliers])
    block = with_settings(
        block, norm_groups=int(c.mamba_n_groups), norm_first=c.mamba_norm_before_gate
    )
    return replace(block, facts={**block.facts, **scales})


def mlp(c: FalconH1) -> Block:
    gate, down = exactly(c.mlp_multipliers or (None, None), 2, "mlp_multipliers")
    block = swiglu(c, "feed_forward")
    return replace(block, facts={**block.facts, **facts(gate_scale=gate, output_scale=down)})


def part_factors(values: tuple[float, ...] | None, names: tuple[str, ...]) -> str | None:
    """One number a part in words: "z 0.35, x 0.25"."""
    if values is None:
        return None
    named = zip(names, exactly(values, len(names), "ssm_multipliers"), strict=True)
    return ", ".join(f"{name} {value:.4g}" for name, value in named)
