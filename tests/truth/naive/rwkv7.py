"""RWKV-7, naively, after the code that its checkpoints for transformers run with.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/rwkv7.py, and fla/models/rwkv7/modeling_rwkv7.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.parts import Array, Below, Config, Weights, linear, sigmoid


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    x = weights["model.embeddings.weight"][list(tokens)]
    if c["norm_first"]:
        x = layer_norm(c, x, weights, "model.layers.0.pre_norm")
    first: Array | None = None
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{i}")
        y, values = time_mixing(c, layer_norm(c, x, w, "attn_norm"), Below(w, "attn"), first)
        first = values if first is None else first
        x = x + y
        x = x + channel_mixing(c, layer_norm(c, x, w, "ffn_norm"), Below(w, "ffn"))
    head = "model.embeddings" if c["tie_word_embeddings"] else "lm_head"
    return linear(layer_norm(c, x, weights, "model.norm"), weights, head)


def layer_norm(c: Config, x: Array, w: Weights, name: str) -> Array:
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + c["norm_eps"])
    y = y * w[f"{name}.weight"]
    return np.asarray(y + w[f"{name}.bias"] if c["norm_bias"] else y)


def shifted(x: Array, share: Array) -> Array:
    """A token, and from it so far towards the one before: nothing before the first."""
    made = np.empty_like(x)
    for t in range(len(x)):
        last = x[t - 1] if t else np.zeros_like(x[t])
        made[t] = x[t] + (last - x[t]) * share.ravel()
    return made


def channel_mixing(c: Config, x: Array, w: Weights) -> Array:
    inner = np.maximum(linear(shifted(x, w["x_k"]), w, "key"), 0)
    return linear(inner**2 if c["hidden_act"] == "sqrelu" else inner, w, "value")


def low_rank(x: Array, w: Weights, letter: str, between: str = "") -> Array:
    y = linear(shifted(x, w[f"x_{letter}"]), w, f"{letter}_lora.lora.0")
    if between:
        y = np.tanh(y) if between == "tanh" else sigmoid(y)
    return linear(y, w, f"{letter}_lora.lora.2")


def time_mixing(c: Config, x: Array, w: Weights, first: Array | None) -> tuple[Array, Array]:
    """Each head's state as a matrix of rows by values and columns by keys, as the paper writes it."""
    dim = c["head_dim"] or c["hidden_size"] // c["num_heads"]
    heads = c["hidden_size"] // dim
    r, k, v = (linear(shifted(x, w[f"x_{i}"]), w, f"{i}_proj") for i in "rkv")
    values = v
    if first is not None:
        v = v + (first - v) * sigmoid(low_rank(x, w, "v"))
    decay = np.exp(-0.6065306597126334 * sigmoid(low_rank(x, w, "w", "tanh")))
    rate, gate = sigmoid(low_rank(x, w, "a")), low_rank(x, w, "g", "sigmoid")
    along, k = k * w["k_k"], k + k * (rate - 1) * w["k_a"]
    wide = v.shape[-1] // heads
    made = np.zeros_like(v)
    for h in range(heads):
        keys, own = slice(h * dim, (h + 1) * dim), slice(h * wide, (h + 1) * wide)
        state = np.zeros((wide, dim))
        for t in range(len(x)):
            towards = along[t, keys]
            length = np.sqrt((towards @ towards) + 1e-6) if c["fuse_norm"] else None
            towards = towards / (length or max(np.linalg.norm(towards), 1e-12))
            change = np.diag(decay[t, keys]) - np.outer(towards, rate[t, keys] * towards)
            state = state @ change + np.outer(v[t, own], k[t, keys])
            o = state @ r[t, keys]
            o = (o - o.mean()) / np.sqrt(o.var() + dim * c["norm_eps"])
            o = o * w["g_norm.weight"][own] + w["g_norm.bias"][own]
            made[t, own] = o + (r[t, keys] * k[t, keys]) @ w["r_k"][h] * v[t, own]
    return linear(made * gate, w, "o_proj"), values
