"""Grok 1, naively, after xAI's own JAX code: https://github.com/xai-org/grok-1/blob/main/model.py."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt, tanh

import numpy as np

from tests.truth.naive.grok1 import bounded
from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    linear,
    rms_norm,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary): by the rows that embed."""
    eps, table = c["rms_norm_eps"], weights["model.embed_tokens.weight"]
    x = c["embedding_multiplier_scale"] * table[list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        y = attention(c, Below(w, "attn"), rms_norm(x, w["pre_attn_norm.weight"], eps))
        x = x + rms_norm(y, w["post_attn_norm.weight"], eps)
        y = rms_norm(x, w["pre_moe_norm.weight"], eps)
        y = np.array([experts(c, Below(w, "moe_block"), t) for t in y])
        x = x + rms_norm(y, w["post_moe_norm.weight"], eps)
    y = rms_norm(x, weights["model.norm.weight"], eps)
    return np.asarray(c["output_multiplier_scale"] * y @ table.T)


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Each head over itself and what came before, its scores bent to stay within a bound."""
    heads = c["num_attention_heads"]
    dim, each = c["hidden_size"] // heads, heads // c["num_key_value_heads"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    frequencies = 1 / 10000 ** (np.arange(0, dim, 2) / dim)
    for one in (q, k):
        for t, h in np.ndindex(*one.shape[:2]):
            one[t, h] = turned(one[t, h], t, frequencies)
    made = np.zeros_like(q)
    for t, h in np.ndindex(len(x), heads):
        raw = np.array(
            [c["attn_output_multiplier"] * q[t, h] @ k[s, h // each] for s in range(t + 1)]
        )
        p = softmax(bounded(raw, c["max_attn_value"]))
        made[t, h] = sum(p[s] * v[s, h // each] for s in range(t + 1))
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few, each with its share among all."""
    each = softmax(linear(x, w, "gate"))
    few = np.argsort(each)[::-1][: c["num_experts_per_tok"]]
    return np.asarray(sum(each[e] * mlp(Below(w, f"experts.{e}"), x) for e in few))


def mlp(w: Weights, x: Array) -> Array:
    """GELU as JAX has it: `approximate=True`."""
    bent = [tanh(sqrt(2 / pi) * (g + 0.044715 * g**3)) for g in linear(x, w, "linear")]
    gate = 0.5 * linear(x, w, "linear") * (1 + np.array(bent))
    return linear(gate * linear(x, w, "linear_v"), w, "linear_1")
