"""OpenELM, naively, after the releases' own code.

https://huggingface.co/apple/OpenELM-270M/blob/main/configuration_openelm.py
https://huggingface.co/apple/OpenELM-270M/blob/main/modeling_openelm.py
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    linear,
    rms_norm,
    silu,
    turned,
)

EPS = 1e-6  # the norm's class has no other, whatever a config says


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w = Below(weights, "transformer")
    table = w["token_embeddings.weight"]
    x = table[list(tokens)]
    queries = [
        made_whole(c["model_dim"] * m, c["head_dim"] * c["num_gqa_groups"])
        for m in of_all(c, "qkv")
    ]
    widths = [made_whole(c["model_dim"] * m, c["ffn_dim_divisor"]) for m in of_all(c, "ffn")]
    for i, (wide, inner) in enumerate(zip(queries, widths, strict=True)):
        one = Below(w, f"layers.{i}")
        y = rms_norm(x, one["attn_norm.weight"], EPS)
        x = x + attention(c, wide // c["head_dim"], Below(one, "attn"), y)
        y = linear(rms_norm(x, one["ffn_norm.weight"], EPS), one, "ffn.proj_1")
        y = silu(y[:, :inner]) * y[:, inner:] if c["ffn_with_glu"] else silu(y)
        x = x + linear(y, one, "ffn.proj_2")
    return np.asarray(rms_norm(x, w["norm.weight"], EPS) @ table.T)


def of_all(c: Config, part: str) -> list[Any]:
    """A multiplier a layer."""
    said, layers = c[f"{part}_multipliers"], c["num_transformer_layers"]
    if isinstance(said, int | float):
        return [said] * layers
    if len(said) != 2:
        return [*said]
    return [round(v, 2) for v in np.linspace(said[0], said[1], num=layers, dtype=float)]


def made_whole(v: float, divisor: int) -> int:
    """`make_divisible`."""
    new = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return int(new + divisor if new < 0.9 * v else new)


def attention(c: Config, heads: int, w: Weights, x: Array) -> Array:
    """Queries of all heads first, then keys, then values."""
    dim, sharing = c["head_dim"], c["num_gqa_groups"]
    rows = linear(x, w, "qkv_proj").reshape(len(x), -1, dim)
    q, k, v = np.split(rows, [heads, heads + heads // sharing], axis=1)
    if c["normalize_qk_projections"]:
        q, k = rms_norm(q, w["q_norm.weight"], EPS), rms_norm(k, w["k_norm.weight"], EPS)
    speeds = 1 / c["rope_freq_constant"] ** (np.arange(0, dim, 2) / dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, speeds),
        lambda t, h: turned(k[t, h // sharing], t, speeds),
        lambda t, h: v[t, h // sharing],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "out_proj")
