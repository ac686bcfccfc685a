"""Jais and BTLM, naively, after vLLM's reading of the releases, and of the slopes after copies of BTLM's own code.

https://github.com/vllm-project/vllm/blob/v0.10.0/vllm/model_executor/models/jais.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log2, sqrt, tanh

import numpy as np

from tests.truth.naive.parts import Array, Below, Config, Weights, silu, softmax


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps = Below(weights, "transformer"), c["layer_norm_epsilon"]
    table = w["wte.weight"]
    x = table[list(tokens)] * c.get("embeddings_scale", c.get("mup_embeddings_scale", 1.0))
    for i in range(c["n_layer"]):
        one = Below(w, f"h.{i}")
        x = x + attention(c, i, Below(one, "attn"), normed(x, one, "ln_1", eps))
        y = normed(x, one, "ln_2", eps)
        if c["activation_function"] == "swiglu":
            y = by_columns(y, one, "mlp.c_fc") * silu(by_columns(y, one, "mlp.c_fc2"))
        else:
            y = np.vectorize(gelu_new)(by_columns(y, one, "mlp.c_fc"))
        x = x + by_columns(y, one, "mlp.c_proj")
    x = normed(x, w, "ln_f", eps)
    told = c.get("mup_output_alpha", 1.0) * c.get("mup_width_scale", 1.0)
    return np.asarray(x @ weights.get("lm_head.weight", table).T * c.get("width_scale", told))


def by_columns(x: Array, w: Weights, name: str) -> Array:
    """A matrix stored as [inputs, outputs]."""
    return np.asarray(x @ w[f"{name}.weight"] + w[f"{name}.bias"])


def normed(x: Array, w: Weights, name: str, eps: float) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + eps)
    return np.asarray(scaled * w[f"{name}.weight"] + w[f"{name}.bias"])


def gelu_new(x: float) -> float:
    return 0.5 * x * (1 + tanh(sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def slopes(n: int) -> list[float]:
    """Powers of one number; where heads are no power of two, every second of twice as many follow."""
    if log2(n).is_integer():
        first = 2 ** (-(2 ** -(log2(n) - 3)))
        return [float(first * first**i) for i in range(n)]
    near = 2 ** floor(log2(n))
    return slopes(near) + slopes(2 * near)[0::2][: n - near]


def attention(c: Config, layer: int, w: Weights, x: Array) -> Array:
    """Scores over a head's width (muP) or its root, and by the layer's number where that is said, less the distance."""
    heads = c["n_head"]
    q, k, v = np.split(by_columns(x, w, "c_attn"), 3, axis=-1)
    dim = x.shape[-1] // heads
    whole = c.get("scale_qk_dot_by_d", c.get("mup_scale_qk_dot_by_d"))
    over = (dim if whole else sqrt(dim)) if c["scale_attn_weights"] else 1.0
    if c["scale_attn_by_inverse_layer_idx"]:
        over *= layer + 1
    made = np.zeros_like(x)
    for h, slope in enumerate(slopes(heads)):
        own = slice(h * dim, (h + 1) * dim)
        for t in range(len(x)):
            near = np.array([k[s, own] @ q[t, own] / over - slope * (t - s) for s in range(t + 1)])
            made[t, own] = softmax(near) @ v[: t + 1, own]
    return by_columns(made, w, "c_proj")
