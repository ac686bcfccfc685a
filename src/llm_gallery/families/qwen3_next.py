"""Qwen3-Next: three Gated DeltaNet layers to each gated-attention layer, and 512 narrow experts with one shared.

The prediction module is implied: no key states it, and published checkpoints store one (81,324,862,720 =
79,674,391,296 + 1,650,471,424).

Reference: transformers/models/qwen3_next/modular_qwen3_next.py
Paper: https://arxiv.org/abs/2412.06464 (Gated DeltaNet)
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import apart, gated_deltanet, linear, rms_norm, stack
from llm_gallery.families._config import Size, config, multiple
from llm_gallery.families._layers import sparse, typed
from llm_gallery.families.llama import Gate, Llama, decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen2_moe import SharedExpert, moe
from llm_gallery.families.qwen3_moe import Qwen3Moe


@config("qwen3_next", computes={"offset": 1.0})
class DeltaHybrid(Llama):
    """The keys of linear attention and of its schedule, which Qwen3.5 takes over."""

    linear_num_key_heads: Size
    linear_num_value_heads: Size
    linear_key_head_dim: Size
    linear_value_head_dim: Size
    linear_conv_kernel_dim: Size
    full_attention_interval: Size = 4
    layer_types: tuple[str, ...] | None


@config("qwen3_next", computes={"offset": 1.0})
class Qwen3Next(Qwen3Moe, SharedExpert, DeltaHybrid):
    use_sliding_window: bool = False  # never read by the reference: no layer has a window
    sliding_window: Size | None = None


def qwen3_next(c: Qwen3Next) -> Block:
    has_experts = sparse(
        c.num_hidden_layers, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts
    )
    keys = list(zip(schedule(c), has_experts, strict=True))
    kinds = {
        (kind, with_experts): decoder_layer(c, kind, moe(c) if with_experts else swiglu(c))
        for kind, with_experts in set(keys)
    }
    last = decoder_layer(c, "full_attention", moe(c) if c.num_experts else swiglu(c))
    return decoder(c, [kinds[key] for key in keys], beside=(next_token_module(c, last),))


def schedule(c: DeltaHybrid) -> Sequence[str]:
    """The mixer of each layer: linear attention, but for each last of an interval."""
    default = [
        "linear_attention" if (i + 1) % c.full_attention_interval else "full_attention"
        for i in range(c.num_hidden_layers)
    ]
    allowed = ("linear_attention", "full_attention")
    return typed(c.layer_types, c.num_hidden_layers, default, allowed)


def decoder_layer(c: DeltaHybrid, kind: str, channels: Block, *, fused: bool = True) -> Block:
    """`fused` is how the linear attention's projections are stored."""
    linear = kind == "linear_attention"
    mixer = delta(c, fused=fused) if linear else grouped_query(c, qk_norm="per head", gate=Gate())
    return pre_norm(c, mixer, channels)


def delta(c: DeltaHybrid, *, fused: bool, gate: str | None = None) -> Block:
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
        gate=gate or ("silu" if c.hidden_act != "silu" else None),
        fused=fused,
    )


def next_token_module(c: Llama, *layers: Block) -> Block:
    """Gated-attention layers; Qwen3-Next has no key for its one, the released checkpoints store it.

    Source: vllm/model_executor/models/qwen3_next_mtp.py
    """
    width = c.hidden_size
    return apart(
        "multi_token_prediction",
        "mtp",
        (
            rms_norm("pre_fc_norm_embedding", width, role="token_norm"),
            rms_norm("pre_fc_norm_hidden", width, role="stream_norm"),
            linear("fc", 2 * width, width, role="join"),
            stack("layers", layers),
            rms_norm("norm", width),
        ),
    )
