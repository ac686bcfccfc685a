"""RWKV-6 as Flash Linear Attention has it, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/rwkv6.py, and fla/models/rwkv6/modeling_rwkv6.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import attention
from tests.truth.naive.parts import Array, Below, Config, Weights, linear, sigmoid, silu
from tests.truth.naive.rwkv7 import layer_norm, shifted


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    x = weights["model.embeddings.weight"][list(tokens)]
    if c["norm_first"]:
        x = layer_norm(c, x, weights, "model.layers.0.pre_norm")
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{i}")
        attends = i in (c.get("attn") or {"layers": ()})["layers"]
        read, own = layer_norm(c, x, w, "attn_norm"), Below(w, "attn")
        x = x + (attention(c["attn"], read, own) if attends else time_mixing(c, read, own))
        x = x + channel_mixing(layer_norm(c, x, w, "ffn_norm"), Below(w, "ffn"))
    return linear(layer_norm(c, x, weights, "model.norm"), weights, "lm_head")


def channel_mixing(x: Array, w: Weights) -> Array:
    inner = np.maximum(linear(shifted(x, w["key.mu"]), w, "key.linear"), 0) ** 2
    ready = sigmoid(linear(shifted(x, w["receptance.mu"]), w, "receptance.linear"))
    return ready * linear(inner, w, "value")


def time_mixing(c: Config, x: Array, w: Weights) -> Array:
    rank, heads = c["proj_low_rank_dim"], c["num_heads"]
    latent = np.tanh(linear(shifted(x, w["x_proj.0.mu"]), w, "x_proj.0.linear"))
    towards = np.concatenate([np.zeros_like(x[:1]), x[:-1]]) - x
    read = {}
    for i, letter in enumerate("rwkvg"):
        own = slice(i * rank, (i + 1) * rank)
        share = latent[:, own] @ w["x_proj.2.weight"][:, own].T + w["x_bias"][i]
        read[letter] = x + towards * share
    r, k, v, g = (linear(read[letter], w, f"{letter}_proj.linear") for letter in "rkvg")
    low = np.tanh(linear(read["w"], w, "w_proj.linear.lora.0"))
    decay = np.exp(-np.exp(linear(low, w, "w_proj.linear.lora.2")))
    dim, wide = k.shape[-1] // heads, v.shape[-1] // heads
    made = np.zeros_like(v)
    for h in range(heads):
        keys, own = slice(h * dim, (h + 1) * dim), slice(h * wide, (h + 1) * wide)
        state = np.zeros((dim, wide))
        for t in range(len(x)):
            now = np.outer(k[t, keys], v[t, own])
            o = r[t, keys] @ (state + w["bonus"][h][:, None] * now)
            state = decay[t, keys][:, None] * state + now
            o = (o - o.mean()) / np.sqrt(o.var() + c["norm_eps"])
            made[t, own] = o * w["g_norm.weight"][own] + w["g_norm.bias"][own]
    return linear(made * silu(g), w, "o_proj")
