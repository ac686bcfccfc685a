"""The keys of both classes called RWKV-6, and what Flash Linear Attention's stores: its mixes in one array, keys narrower than values.

Some of its layers may attend instead. RWKV-7's class there has such a key too, and fails with it: it takes four
values of a layer, and its attention gives three.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/rwkv6.py
"""

from __future__ import annotations

from typing import Literal

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
from llm_gallery.families._config import (
    Depth,
    Size,
    config,
    stated,
)
from llm_gallery.families._layers import each
from llm_gallery.families._of_fla import Attended, Attending, attending, attending_layers, share
from llm_gallery.families.rwkv5 import Rwkv5

OF_KERNELS = (
    "attn_mode", "fuse_cross_entropy", "fuse_linear_cross_entropy", "fuse_norm", "fuse_swiglu",
    "max_position_embeddings", "use_l2warp",
)  # fmt: skip
"""Keys that choose how the same numbers are computed, or of layers that attend."""
STREAMS = 5
"""What two tokens are mixed for: receptance, decay, key, value and gate."""


@config("rwkv6", unused=OF_KERNELS, classes=("Rwkv6ForCausalLM", "RWKV6ForCausalLM"))
class Rwkv6(Rwkv5):
    """Defaults are those of configuration_rwkv6.py beside the reference, or of the file of that name in the other.

    Flash Linear Attention has a class of the type that stores the same parts otherwise: it states ranks.
    """

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    head_size_divisor: float = 8
    proj_low_rank_dim: Size | None = None
    gate_low_rank_dim: Size = 64
    num_heads: Size = 4
    expand_k: float = 0.5
    expand_v: float = 1
    hidden_ratio: float | None = 3.5
    hidden_act: Literal["sqrelu"] = "sqrelu"
    norm_first: bool = True
    norm_bias: bool = True
    norm_eps: float = 1e-5
    attn: Attended = None


def of_fla(c: Rwkv6, mix_rank: int) -> Block:
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

    def decoder_layer(said: Attending | None) -> Block:
        mixer = memory(c, mix_rank) if said is None else attending(c.hidden_size, said)
        return layer(
            residual(norm(c, "attn_norm"), mixer),
            residual(norm(c, "ffn_norm"), channels),
        )

    return language_model(
        stack("layers", each(attending_layers(c.attn, c.num_hidden_layers), decoder_layer)),
        Names("model", "embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        tied=stated(c, "tie_word_embeddings"),
        before=(norm(c, "layers.0.pre_norm"),) if c.norm_first else (),
        after=(norm(c, "norm"),),
    )


def memory(c: Rwkv6, mix_rank: int) -> Block:
    width, heads = c.hidden_size, c.num_heads
    key_dim = share(width, heads, c.expand_k, "expand_k")
    value_dim = share(width, heads, c.expand_v, "expand_v")
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


def norm(c: Rwkv6, name: str) -> Block:
    return layer_norm(name, c.hidden_size, bias=c.norm_bias)


def inner(c: Rwkv6) -> int:
    """As stated, else by its ratio to the width, rounded up to 32."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    wide = int(c.hidden_size * (3.5 if c.hidden_ratio is None else c.hidden_ratio))
    return derived((wide + 31) // 32 * 32, "hidden_size x hidden_ratio, rounded up")
