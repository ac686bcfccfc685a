"""RWKV-6 as Flash Linear Attention stores it: its mixes of two tokens in one array, keys narrower than values.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/rwkv6.py
"""

from __future__ import annotations

from typing import Protocol

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    language_model,
    layer,
    layer_norm,
    linear,
    residual,
    shifted_mlp,
    stack,
)
from llm_gallery.architecture.parts import rwkv6 as time_mixing
from llm_gallery.families._config import multiple, stated

STREAMS = 5
"""What two tokens are mixed for: receptance, decay, key, value and gate."""


class OfFla(Protocol):
    """The keys that the class reads."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    gate_low_rank_dim: int
    num_heads: int
    expand_k: float
    expand_v: float
    hidden_ratio: float | None
    intermediate_size: int | None
    norm_first: bool
    norm_bias: bool
    norm_eps: float


def of_fla(c: OfFla, mix_rank: int) -> Block:
    """The whole, whose shares of two tokens come through `mix_rank`."""
    width = int(c.hidden_size)
    channels = shifted_mlp(
        "ffn",
        width=c.hidden_size,
        inner=inner(c),
        activation="relu2",
        shares=[
            Tensor("key.mu", (width,), role="key_mix"),
            Tensor("receptance.mu", (width,), role="receptance_mix"),
        ],
        names=("key.linear", "value", "receptance.linear"),
    )
    one = layer(
        residual(norm(c, "attn_norm"), memory(c, mix_rank)),
        residual(norm(c, "ffn_norm"), channels),
    )
    return language_model(
        stack("layers", [one] * c.num_hidden_layers),
        Names("model", "embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        tied=stated(c, "tie_word_embeddings"),
        before=(norm(c, "layers.0.pre_norm"),) if c.norm_first else (),
        after=(norm(c, "norm"),),
    )


def memory(c: OfFla, mix_rank: int) -> Block:
    width, heads = c.hidden_size, c.num_heads
    key_dim, value_dim = share(c, "expand_k"), share(c, "expand_v")
    keys, values = heads * key_dim, heads * value_dim
    tensors = (
        Tensor("x_proj.0.mu", (int(width),), role="mix"),
        Tensor("x_proj.2.weight", (int(width), STREAMS * int(mix_rank)), role="mix_up"),
        Tensor("x_bias", (STREAMS, int(width)), role="mixes"),
        Tensor("bonus", (int(heads), int(key_dim)), role="first"),
    )
    return time_mixing(
        "attn",
        linear("x_proj.0.linear", width, STREAMS * mix_rank, role="mix_down"),
        linear("r_proj.linear", width, keys, role="receptance"),
        linear("w_proj.linear.lora.0", width, c.gate_low_rank_dim, role="alpha_down"),
        linear("w_proj.linear.lora.2", c.gate_low_rank_dim, keys, role="alpha", bias=True),
        linear("k_proj.linear", width, keys, role="key"),
        linear("v_proj.linear", width, values, role="value"),
        linear("g_proj.linear", width, values, role="gate"),
        layer_norm("g_norm", values, role="output_norm", eps=c.norm_eps),
        linear("o_proj", values, width, role="output"),
        width=width,
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        tensors=tensors,
        decay_rank=c.gate_low_rank_dim,
        mix_rank=mix_rank,
    )


def share(c: OfFla, key: str) -> int:
    """A head's part of the width that keys or values have together."""
    together = int(c.hidden_size * getattr(c, key))
    each = multiple(together, c.num_heads, (f"hidden_size x {key}", "num_heads"))
    return derived(each, f"hidden_size x {key} / num_heads")


def norm(c: OfFla, name: str) -> Block:
    return layer_norm(name, c.hidden_size, bias=c.norm_bias)


def inner(c: OfFla) -> int:
    """As stated, else by its ratio to the width, rounded up to 32."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    wide = int(c.hidden_size * (3.5 if c.hidden_ratio is None else c.hidden_ratio))
    return derived((wide + 31) // 32 * 32, "hidden_size x hidden_ratio, rounded up")
