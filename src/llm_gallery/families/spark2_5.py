"""Spark-X2.5: Llama behind one joint projection, windows in three layers of four, and a gate on each head's output.

Each kind of layer turns by a base and a share of its own.

Reference: sglang/srt/models/spark2_5.py; mlx_lm/models/spark2_5.py
Model: https://huggingface.co/XHToken/Spark-X2.5-4B
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, fused, linear
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._layers import each, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    pre_norm,
    swiglu,
)


@config("spark2_5")
class Spark25(Llama):
    head_dim: Size
    num_key_value_heads: Size
    hidden_act: Literal["gelu"]
    sliding_window: Length
    layer_types: tuple[str, ...]
    rope_parameters: dict[str, Any]
    headwise_attn_output_gate: bool
    gate_attn_act_mode: Literal["sigmoid", "silu"]


def spark2_5(c: Spark25) -> Block:
    local = sliding(c.layer_types, c.num_hidden_layers, ())
    layers = each(local, lambda windowed: pre_norm(c, attention(c, windowed), swiglu(c)))
    return decoder(c, layers, Names(table="embedding"))


def attention(c: Spark25, windowed: bool) -> Block:
    gate = linear(
        "g_proj", c.hidden_size, c.num_attention_heads, role="gate", bias=c.attention_bias
    )
    mixer = grouped_query(
        c,
        window=c.sliding_window if windowed else None,
        positions=rope(
            c,
            head_dim(c),
            layer_type="sliding_attention" if windowed else "full_attention",
        ),
        gate=Gate(gate, c.gate_attn_act_mode) if c.headwise_attn_output_gate else None,
    )
    return fused(mixer, "q_k_v_proj", "out_proj")
