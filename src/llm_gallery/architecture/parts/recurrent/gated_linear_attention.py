"""Gated linear attention."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def gated_linear_attention(
    name: str,
    *,
    width: int,
    heads: int,
    kv_heads: int,
    key_dim: int,
    value_dim: int,
    decay_rank: int,
    decay_floor: float | None = None,
    taps: int | None = None,
    feature_map: str | None = None,
    gated: bool = True,
    output_norm: Block | None = None,
) -> Block:
    """S <- diag(a) S + k vT, o = q S / sqrt(key_dim), a head's own in float32; a is made of the token, through a rank.

    `kv_heads` of keys, values and decays are shared by the heads, each of which has a state. The logarithm of a
    decay isn't less than `decay_floor`. With `taps`, q, k and v pass short convolutions and SiLU; `feature_map` is
    what q and k pass after them. What is read is normed by head, and `gated` by SiLU of the token.
    Paper: https://arxiv.org/abs/2312.06635
    """
    keys, values = kv_heads * key_dim, kv_heads * value_dim
    sizes, out = (heads * key_dim, keys, values), heads * value_dim
    inside = (
        *projected(width, *sizes),
        *convolved(taps, *sizes),
        linear("gk_proj.0", width, decay_rank, role="alpha_down"),
        linear("gk_proj.1", decay_rank, keys, role="alpha", bias=True),
        *((linear("g_proj", width, out, role="gate"),) if gated else ()),
        output_norm or rms_norm("g_norm", value_dim, role="output_norm"),
        linear("o_proj", out, width, role="output"),
    )
    slots = facts(
        heads=heads,
        kv_heads=kv_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        decay_rank=decay_rank,
        decay_floor=decay_floor,
        taps=taps,
        activation="silu" if taps else None,
        feature_map=feature_map,
        gate="silu" if gated else None,
        state_dtype="float32",
    )
    return Block("gated_linear_attention", name, slots, (), inside)
