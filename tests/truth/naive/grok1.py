"""Grok 2.5, naively, after SGLang, with which its makers say to run it.

https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/models/grok.py, whose router, GELU, attention and experts are
layers/moe/router.py, layers/elementwise.py, layers/attention/triton_ops/extend_attention.py and the kernel `gelu_and_mul`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, log2, sqrt, tanh

import numpy as np

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
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = c["embedding_multiplier_scale"] * weights["model.embed_tokens.weight"][list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        y = attention(c, Below(w, "self_attn"), rms_norm(x, w["pre_attn_norm.weight"], eps))
        x = x + rms_norm(y, w["post_attn_norm.weight"], eps)
        y = rms_norm(x, w["pre_moe_norm.weight"], eps)
        names = ("gate_proj", "up_proj", "down_proj")
        both = np.array([mlp(Below(w, "mlp"), names, t) + experts(c, w, t) for t in y])
        x = x + rms_norm(both / sqrt(2), w["post_moe_norm.weight"], eps)
    y = linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")
    return bounded(c["output_multiplier_scale"] * y, c["final_logit_softcapping"])


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Scores are bounded, and those of late tokens then grow by the logarithm of their position."""
    heads, dim = c["num_attention_heads"], c["head_dim"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    frequencies = 1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim)
    for one in (q, k):
        for t, h in np.ndindex(*one.shape[:2]):
            one[t, h] = turned(one[t, h], t, frequencies)
    made, each, length = np.zeros_like(q), heads // k.shape[1], c["attn_temperature_len"]
    for t, h in np.ndindex(len(x), heads):
        raw = np.array([q[t, h] @ k[s, h // each] / sqrt(dim) for s in range(t + 1)])
        grown = log2(t) / log2(length) if t > length else 1
        p = softmax(grown * bounded(raw, c["attn_logit_softcapping"]))
        made[t, h] = sum(p[s] * v[s, h // each] for s in range(t + 1))
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few, each with its share among all."""
    each = softmax(bounded(linear(x, w, "block_sparse_moe.gate"), c["router_logit_softcapping"]))
    few = np.argsort(each)[::-1][: c["num_experts_per_tok"]]
    found = [
        each[e] * mlp(Below(w, f"block_sparse_moe.experts.{e}"), ("w1", "w3", "w2"), x) for e in few
    ]
    return np.asarray(sum(found))


def mlp(w: Weights, names: Sequence[str], x: Array) -> Array:
    gate, up, down = names
    each = [0.5 * g * (1 + erf(g / sqrt(2))) for g in linear(x, w, gate)]
    return linear(np.array(each) * linear(x, w, up), w, down)


def bounded(x: Array, most: float) -> Array:
    """Each number bent to stay within it."""
    return np.array([most * tanh(one / most) for one in x.flat]).reshape(x.shape)
