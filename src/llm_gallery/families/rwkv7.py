"""RWKV-7: a matrix a head in place of attention, corrected along a key of each token, and an MLP that reads the token before.

The first layer's values are handed on: each later one takes a share of them for its own.

Layers that attend are refused: the class takes four values of a layer and its attention gives three.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/rwkv7/modeling_rwkv7.py
Paper: https://arxiv.org/abs/2503.14456
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    language_model,
    layer,
    layer_norm,
    residual,
    shifted_mlp,
    stack,
)
from llm_gallery.architecture.parts import rwkv7 as time_mixing
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, config, multiple, per_layer, stated

KERNELS = (
    "attn_mode", "fuse_cross_entropy", "fuse_linear_cross_entropy", "use_l2warp",
)  # fmt: skip
"""Keys that choose how the same numbers are computed, or how training is."""
ACTIVATIONS = {"sqrelu": "relu2", "swish": "silu"}
"""Names of the reference's own."""


@config("rwkv7", unused=(*KERNELS, "max_position_embeddings"), classes=("RWKV7ForCausalLM",))
class Rwkv7:
    """Defaults are those of configuration_rwkv7.py beside the reference; ranks have to be stated."""

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    decay_low_rank_dim: Size | None
    gate_low_rank_dim: Size | None
    a_low_rank_dim: Size | None
    v_low_rank_dim: Size | None
    head_dim: Size | None = 64
    num_heads: Size | None = None
    value_dim: Size | tuple[Size, ...] | None = None
    hidden_ratio: float | None = 4
    intermediate_size: Size | None = None
    hidden_act: Literal["sqrelu", "relu", "silu", "swish"] = "sqrelu"
    norm_first: bool = True
    norm_bias: bool = True
    norm_eps: float = 1e-5
    fuse_norm: bool = True
    head_size: None = None  # of other classes of this name, which store other parts
    attn: None = None  # with layers that attend instead the class itself fails
    tie_word_embeddings: bool = False


def rwkv7(c: Rwkv7) -> Block:
    width, values = c.hidden_size, value_widths(c)
    first, *others = (
        decoder_layer(c, wide, lends=index == 0) for index, wide in enumerate(values[:2])
    )
    return language_model(
        stack("layers", [first, *others * (c.num_hidden_layers - 1)]),
        Names("model", "embeddings"),
        vocabulary=c.vocab_size,
        width=width,
        tied=stated(c, "tie_word_embeddings"),
        before=(norm(c, "layers.0.pre_norm"),) if c.norm_first else (),
        after=(norm(c, "norm"),),
    )


def decoder_layer(c: Rwkv7, values: int, *, lends: bool) -> Block:
    channels = shifted_mlp(
        "ffn",
        width=c.hidden_size,
        inner=inner(c),
        activation=ACTIVATIONS.get(c.hidden_act, c.hidden_act),
        shares=(Tensor("x_k", (int(c.hidden_size),), role="key_mix"),),
    )
    return layer(
        residual(norm(c, "attn_norm"), memory(c, values, lends=lends)),
        residual(norm(c, "ffn_norm"), channels),
    )


def memory(c: Rwkv7, values: int, *, lends: bool) -> Block:
    heads, key_dim = heads_of(c)
    return time_mixing(
        "attn",
        width=c.hidden_size,
        heads=heads,
        key_dim=key_dim,
        value_dim=multiple(values, heads, ("value_dim", "heads")),
        decay_rank=rank(c, "decay_low_rank_dim", 2.5 * key_dim / 64),
        rate_rank=rank(c, "a_low_rank_dim", 2.5 * key_dim / 64),
        gate_rank=rank(c, "gate_low_rank_dim", 5),
        value_rank=None if lends else rank(c, "v_low_rank_dim", 1.7 * key_dim / 64),
        norm_eps=key_dim * c.norm_eps,
        fused_norm=c.fuse_norm,
    )


def norm(c: Rwkv7, name: str) -> Block:
    return layer_norm(name, c.hidden_size, bias=c.norm_bias)


def heads_of(c: Rwkv7) -> tuple[int, int]:
    """How many heads share the width, and their size; one of the two is stated, and a size counts before a number."""
    if c.head_dim is not None:
        names = ("hidden_size", "head_dim")
        return derived(multiple(c.hidden_size, c.head_dim, names), " / ".join(names)), c.head_dim
    if c.num_heads is None:
        raise Refusal("head_dim and num_heads are null, expected one of them; state head_dim")
    names = ("hidden_size", "num_heads")
    return c.num_heads, derived(multiple(c.hidden_size, c.num_heads, names), " / ".join(names))


def value_widths(c: Rwkv7) -> Sequence[int]:
    """How wide all heads' values are together, layer by layer: all as the first, whose values the others take."""
    layers, stated_width = c.num_hidden_layers, c.value_dim
    if stated_width is None:
        return [c.hidden_size] * layers
    if not isinstance(stated_width, tuple):
        stated_width = (stated_width,) * layers
    widths = per_layer(stated_width, layers, "value_dim") or ()
    for width in widths:
        multiple(width, c.hidden_size, ("value_dim", "hidden_size"))
        if width != widths[0]:
            raise Refusal(
                f"value_dim is {width} in one layer and {widths[0]} in the first, expected one width: "
                "later layers take a share of the first one's values; make them agree"
            )
    return widths


def rank(c: Rwkv7, key: str, factor: float) -> int:
    """A rank as stated; where it is null, by the root of the width, rounded to 32."""
    stated_rank: int | None = getattr(c, key)
    if stated_rank is not None:
        return stated_rank
    return derived(max(32, round(factor * sqrt(c.hidden_size) / 32) * 32), "sqrt(hidden_size)")


def inner(c: Rwkv7) -> int:
    """The width of the MLP, rounded up to 32 where only its ratio is stated."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    wide = int(c.hidden_size * (4 if c.hidden_ratio is None else c.hidden_ratio))
    return derived((wide + 31) // 32 * 32, "hidden_size x hidden_ratio, rounded up")
