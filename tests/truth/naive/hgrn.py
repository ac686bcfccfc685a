"""Both HGRNs as Flash Linear Attention has them, naively: every token's answer as a sum over all before it.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/hgrn.py, fla/layers/hgrn2.py,
fla/ops/hgrn/naive.py and fla/ops/gla/naive.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid, streams
from tests.truth.naive.parts import (
    Array,
    Config,
    Weights,
    linear,
    rms_norm,
    sigmoid,
    silu,
)

Layer = Callable[[Config, Array, Weights, Array], Array]


def first(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return scores(c, weights, tokens, vectors)


def second(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return scores(c, weights, tokens, matrices)


def scores(c: Config, weights: Weights, tokens: Sequence[int], own: Layer) -> Array:
    return hybrid(c, weights, tokens, lambda i, x, w: own(c, x, w, bounds(c, weights)[i]))


def bounds(c: Config, weights: Weights) -> Array:
    """Of each layer and channel: the shares of the layers after the first, up to this one."""
    if not c["use_lower_bound"]:
        return np.zeros((c["num_hidden_layers"], 1))
    shares = np.exp(weights["model.lower_bounds"])
    shares = shares / shares.sum(axis=0)
    return np.asarray([shares[1 : i + 1].sum(axis=0) for i in range(len(shares))])


def left(f: Array, bound: Array) -> Array:
    """What stays of a token at each later one: (later, earlier, channels)."""
    stays = bound + (1 - bound) * sigmoid(f)
    rows = [[np.prod(stays[s + 1 : t + 1], axis=0) for s in range(len(f))] for t in range(len(f))]
    return np.asarray(rows) * np.tri(len(f))[..., None]


def vectors(c: Config, x: Array, w: Weights, bound: Array) -> Array:
    i, f = streams(c, x, w, "if")
    added = silu(i) * (1 - bound) * (1 - sigmoid(f))
    o = (left(f, bound) * added[None]).sum(axis=1)
    o = rms_norm(o, w.get("g_norm.weight", 1.0), c["norm_eps"])
    return linear(o * silu(linear(x, w, "g_proj")), w, "o_proj")


def matrices(c: Config, x: Array, w: Weights, bound: Array) -> Array:
    i, f, q = streams(c, x, w, "ifq")
    heads = c["num_heads"] if c["expand_ratio"] is None else x.shape[-1] // c["expand_ratio"]
    keys, remains = (1 - bound) * (1 - sigmoid(f)), left(f, bound)
    made = np.zeros_like(i)
    for own in np.split(np.arange(x.shape[-1]), heads):
        for t in range(len(x)):
            asked = silu(q[t, own]) * remains[t][:, own] / np.sqrt(len(own))
            made[t, own] = (asked * keys[:, own]).sum(axis=1) @ i[:, own]
    return linear(rms_norm(made, w.get("g_norm.weight", 1.0), 1e-5), w, "o_proj")
