"""DeltaNet."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def deltanet(
    name: str,
    *,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    taps: int,
    gated: bool,
    negative_eigenvalues: Fact | None = None,
) -> Block:
    """S <- S + b (v - S k) kT, o = S q / sqrt(key_dim), a head's own in float32; b is made of the token.

    q, k and v pass short convolutions and SiLU, q and k have length 1. What is read is normed by head, and `gated`
    by SiLU of the token. With `negative_eigenvalues` b goes up to 2.
    Paper: https://arxiv.org/abs/2406.06484
    """
    keys, values = heads * key_dim, heads * value_dim
    sizes = (keys, keys, values)
    inside = (
        *projected(width, *sizes),
        linear("b_proj", width, heads, role="beta"),
        *convolved(taps, *sizes),
        *((linear("g_proj", width, values, role="gate"),) if gated else ()),
        rms_norm("o_norm", value_dim, role="output_norm"),
        linear("o_proj", values, width, role="output"),
    )
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        taps=taps,
        activation="silu",
        gate="silu" if gated else None,
        negative_eigenvalues=negative_eigenvalues,
        state_dtype="float32",
    )
    return Block("deltanet", name, slots, (), inside)
