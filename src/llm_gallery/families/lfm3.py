"""LFM3: LFM2 with windows in half of its attention layers, a gate on every head, and norms on both sides of a branch.

Reference: transformers/models/lfm3/modular_lfm3.py
Model: https://huggingface.co/LiquidAI/LFM3-1.7B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    layer,
    linear,
    renamed,
    residual,
    rms_norm,
    short_convolution,
)
from llm_gallery.families._config import Length, Size, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    norm,
    swiglu,
)

NAMES = {"gate_proj": "w1", "up_proj": "w3", "down_proj": "w2"}
"""The checkpoint's names for the MLP's parts."""
KINDS = ("conv", "sliding_attention", "full_attention")


@config("lfm3")
class Lfm3(Llama):
    hidden_act: str = "silu"  # fixed by the class
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    conv_L_cache: Size  # noqa: N815 - the config's spelling
    conv_bias: bool
    use_sandwich_norm: bool
    use_attention_gate: bool


def lfm3(c: Lfm3) -> Block:
    count = c.num_hidden_layers
    default = [
        "full_attention" if i % 4 == 2 else "sliding_attention" if i and i % 4 == 0 else "conv"
        for i in range(count)
    ]
    types = typed(c.layer_types, count, default, KINDS)
    final = rms_norm("embedding_norm", c.hidden_size)
    return decoder(c, each(types, lambda kind: decoder_layer(c, kind)), after=(final,))


def decoder_layer(c: Lfm3, kind: str) -> Block:
    names = ("post_operator_norm", "post_ffn_norm")
    after = [(norm(c, name),) if c.use_sandwich_norm else () for name in names]
    return layer(
        residual(norm(c, "operator_norm"), mixer(c, kind), *after[0]),
        residual(norm(c, "ffn_norm"), renamed(swiglu(c, "feed_forward"), NAMES), *after[1]),
    )


def mixer(c: Lfm3, kind: str) -> Block:
    """A convolution over a few tokens, or attention whose heads are gated."""
    if kind == "conv":
        return short_convolution(
            "conv", width=c.hidden_size, taps=c.conv_L_cache, bias=stated(c, "conv_bias")
        )
    gate = Gate(linear("gate_proj", c.hidden_size, c.num_attention_heads, role="gate"))
    return grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if kind == "sliding_attention" else None,
        positions=rope(c, head_dim(c), layer_type=kind),
        gate=gate if c.use_attention_gate else None,
    )
