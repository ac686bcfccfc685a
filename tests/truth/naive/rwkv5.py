"""RWKV-5 and RWKV-6, naively, after the releases' own code.

https://huggingface.co/RWKV/rwkv-5-world-1b5/blob/main/modeling_rwkv5.py
https://huggingface.co/RWKV/v6-Finch-7B-HF/blob/main/modeling_rwkv6.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.truth.naive import rwkv6_of_fla
from tests.truth.naive.parts import Array, Below, Config, Weights, linear, sigmoid, silu

EPS = 1e-5
"""Of norms whose class is given none."""


def of_rwkv5(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return scores(c, weights, tokens, 5)


def of_rwkv6(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    if c.get("proj_low_rank_dim"):  # the other class of the type
        return rwkv6_of_fla.scores(c, weights, tokens)
    return scores(c, weights, tokens, 6)


def scores(c: Config, weights: Weights, tokens: Sequence[int], version: int) -> Array:
    x = weights["rwkv.embeddings.weight"][list(tokens)]
    own = c["layer_norm_epsilon"]
    x = layer_norm(x, weights, "rwkv.blocks.0.pre_ln", EPS if version == 5 else own)
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"rwkv.blocks.{i}")
        x = x + time_mixing(c, layer_norm(x, w, "ln1", own), Below(w, "attention"), version)
        x = x + channel_mixing(layer_norm(x, w, "ln2", own), Below(w, "feed_forward"), version)
    head = "rwkv.embeddings" if c["tie_word_embeddings"] else "head"
    return linear(layer_norm(x, weights, "rwkv.ln_out", EPS), weights, head)


def layer_norm(x: Array, w: Weights, name: str, eps: float) -> Array:
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)
    return np.asarray(y * w[f"{name}.weight"] + w[f"{name}.bias"])


def last(x: Array) -> Array:
    """The tokens one place later: nothing before the first."""
    return np.concatenate([np.zeros_like(x[:1]), x[:-1]])


def channel_mixing(x: Array, w: Weights, version: int) -> Array:
    if version == 5:
        k, r = (
            x * w[f"time_mix_{n}"][0] + last(x) * (1 - w[f"time_mix_{n}"][0])
            for n in ("key", "receptance")
        )
    else:
        k, r = (x + (last(x) - x) * w[f"time_maa_{n}"][0] for n in "kr")
    inner = np.maximum(linear(k, w, "key"), 0) ** 2
    return np.asarray(sigmoid(linear(r, w, "receptance")) * linear(inner, w, "value"))


def streams(x: Array, w: Weights, version: int) -> Mapping[str, Array]:
    """What each projection reads, by its letter."""
    if version == 5:
        words = {"k": "key", "v": "value", "r": "receptance", "g": "gate"}
        shares = {letter: w[f"time_mix_{word}"][0] for letter, word in words.items()}
        return {letter: x * share + last(x) * (1 - share) for letter, share in shares.items()}
    towards = last(x) - x
    latent = np.tanh((x + towards * w["time_maa_x"][0]) @ w["time_maa_w1"])
    rank = latent.shape[-1] // 5
    made = {}
    for i, letter in enumerate("wkvrg"):
        own = latent[:, i * rank : (i + 1) * rank] @ w["time_maa_w2"][i]
        made[letter] = x + towards * (w[f"time_maa_{letter}"][0] + own)
    return made


def time_mixing(c: Config, x: Array, w: Weights, version: int) -> Array:
    read, dim = streams(x, w, version), c["head_size"]
    k, v, r, g = (
        linear(read[letter], w, name)
        for letter, name in (("k", "key"), ("v", "value"), ("r", "receptance"), ("g", "gate"))
    )
    decay = np.tile(w["time_decay"].reshape(-1), (len(x), 1))
    if version == 6:
        decay = decay + np.tanh(read["w"] @ w["time_decay_w1"]) @ w["time_decay_w2"]
    decay = np.exp(-np.exp(decay))
    eps = EPS if version == 5 else EPS * c["head_size_divisor"] ** 2
    made = np.zeros_like(v)
    for h in range(c["hidden_size"] // dim):
        own = slice(h * dim, (h + 1) * dim)
        state, first = np.zeros((dim, dim)), np.diag(w["time_faaaa"][h])
        for t in range(len(x)):
            now = np.outer(k[t, own], v[t, own])
            o = r[t, own] @ (first @ now + state)
            state = np.diag(decay[t, own]) @ state + now
            o = (o - o.mean()) / np.sqrt(o.var() + eps)
            made[t, own] = o * w["ln_x.weight"][own] + w["ln_x.bias"][own]
    return linear(made * silu(g), w, "output")
