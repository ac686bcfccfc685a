"""Qwen3-Next: three Gated DeltaNet layers to each gated-attention layer, and 512 narrow experts with one shared.

Reference: transformers/models/qwen3_next/modular_qwen3_next.py
Paper: https://arxiv.org/abs/2412.06464 (Gated DeltaNet)
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    apart,
    gated_deltanet,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Size, config, multiple
from llm_gallery.families._layers import sparse, typed
from llm_gallery.families.llama import decoder, grouped_query, norm, swiglu
from llm_gallery.families.qwen3_moe import Qwen3Moe
from llm_gallery.families.qwen3_moe import moe as routed


@config("qwen3_next")
class Qwen3Next(Qwen3Moe):
    use_sliding_window: bool = False  # never read by the reference: no layer has a window
    sliding_window: Size | None = None
    linear_num_key_heads: Size
    linear_num_value_heads: Size
    linear_key_head_dim: Size
    linear_value_head_dim: Size
    linear_conv_kernel_dim: Size
    shared_expert_intermediate_size: Size
    full_attention_interval: Size = 4
    layer_types: tuple[str, ...] | None


def qwen3_next(c: Qwen3Next) -> Block:
    count = c.num_hidden_layers
    default = [
        "linear_attention" if (i + 1) % c.full_attention_interval else "full_attention"
        for i in range(count)
    ]
    types = typed(c.layer_types, count, default, ("linear_attention", "full_attention"))
    has_experts = sparse(count, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts)
    keys = list(zip(types, has_experts, strict=True))
    kinds = {key: one(c, *key) for key in set(keys)}
    return decoder(c, [kinds[key] for key in keys], beside=(next_token_module(c),))


def one(c: Qwen3Next, kind: str, with_experts: bool) -> Block:
    mixer = (
        delta(c) if kind == "linear_attention" else grouped_query(c, qk_norm="per head", gate=True)
    )
    return layer(
        residual(norm(c, "input_layernorm"), mixer),
        residual(norm(c, "post_attention_layernorm"), moe(c) if with_experts else swiglu(c)),
    )


def delta(c: Qwen3Next) -> Block:
    multiple(
        c.linear_num_value_heads,
        c.linear_num_key_heads,
        ("linear_num_value_heads", "linear_num_key_heads"),
    )
    return gated_deltanet(
        "linear_attn",
        width=c.hidden_size,
        key_heads=c.linear_num_key_heads,
        value_heads=c.linear_num_value_heads,
        key_dim=c.linear_key_head_dim,
        value_dim=c.linear_value_head_dim,
        taps=c.linear_conv_kernel_dim,
        activation=c.hidden_act,
    )


def moe(c: Qwen3Next) -> Block:
    """Qwen3's experts and a shared one, scaled by a sigmoid of its own."""
    shared = swiglu(c, "shared_expert", c.shared_expert_intermediate_size)
    gate = replace(linear("shared_expert_gate", c.hidden_size, 1), kind="shared_gate")
    return routed(c, shared=shared, shared_gate=gate)


def next_token_module(c: Qwen3Next) -> Block:
    """One gated-attention layer; the config has no key for it, the released checkpoints store it.

    Source: vllm/model_executor/models/qwen3_next_mtp.py
    """
    width = c.hidden_size
    attention = one(c, "full_attention", c.num_experts > 0)
    return apart(
        "multi_token_prediction",
        "mtp",
        (
            rms_norm("pre_fc_norm_embedding", width),
            rms_norm("pre_fc_norm_hidden", width),
            linear("fc", 2 * width, width),
            stack("layers", [attention]),
            rms_norm("norm", width),
        ),
    )
