"""Gated slot attention."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def gated_slot_attention(
    name: str,
    *,
    width: int,
    heads: int,
    kv_heads: int,
    key_dim: int,
    value_dim: int,
    slots: int,
    decay_divisor: int,
    feature_map: str,
    taps: int | None = None,
    learned: bool = True,
    norm_eps: float,
) -> Block:
    """K <- diag(f) K + (1 - f) kT, V <- diag(f) V + (1 - f) SiLU(v)T, o = softmax(K q) V: attention to slots, a head's own.

    f is a sigmoid of the token, to the power of 1 by `decay_divisor`; `kv_heads` of it, of keys and of values are
    shared by the heads, each of which has slots. `feature_map` is what q and k pass; with `taps`, q, k and v pass
    short convolutions and SiLU before. SiLU of what is read is normed over all heads, with an epsilon of its own
    (`norm_eps`) and a scale where `learned`. Paper: https://arxiv.org/abs/2409.07146
    """
    sizes, values = (heads * key_dim, kv_heads * key_dim, kv_heads * value_dim), heads * value_dim
    inside = (
        *projected(width, *sizes),
        linear("f_proj", width, kv_heads * slots, role="alpha"),
        *convolved(taps, *sizes),
        rms_norm("g_norm", values, role="output_norm", learned=learned, eps=norm_eps),
        linear("o_proj", values, width, role="output"),
    )
    held = facts(
        heads=heads,
        kv_heads=kv_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        slots=slots,
        decay_divisor=decay_divisor,
        feature_map=feature_map,
        taps=taps,
        activation="silu" if taps else None,
        state_dtype="float32",
    )
    return Block("gated_slot_attention", name, held, (), inside)
