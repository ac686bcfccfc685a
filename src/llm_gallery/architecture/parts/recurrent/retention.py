"""Retention."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import projected


def retention(
    name: str,
    *,
    width: int,
    heads: int,
    kv_heads: int,
    key_dim: int,
    value_dim: int,
    rope_base: float,
    gated: bool = True,
    output_norm: Block | None = None,
) -> Block:
    """S <- a S + k vT, o = q S / sqrt(key_dim), a head's own in float32; a is 1 - 2^(-5 - head), counted from 0.

    q and k are rotated; `kv_heads` of keys and values are shared by the heads, each of which has a state. What is
    read is normed by head, and `gated` by SiLU of the token.
    Paper: https://arxiv.org/abs/2307.08621
    """
    keys, values, out = kv_heads * key_dim, kv_heads * value_dim, heads * value_dim
    inside = (
        *projected(width, heads * key_dim, keys, values),
        *((linear("g_proj", width, out, role="gate"),) if gated else ()),
        output_norm or rms_norm("g_norm", value_dim, role="output_norm"),
        linear("o_proj", out, width, role="output"),
    )
    slots = facts(
        heads=heads,
        kv_heads=kv_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        position="rope",
        rope_base=rope_base,
        gate="silu" if gated else None,
        state_dtype="float32",
    )
    return Block("retention", name, slots, (), inside)
