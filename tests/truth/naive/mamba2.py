"""Mamba-2 as Flash Linear Attention has it, naively: head by head, its norm over a group of heads.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/mamba2.py and
https://github.com/state-spaces/mamba/blob/main/mamba_ssm/ops/triton/layernorm_gated.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.parts import Array, Below, Config, Weights, linear, rms_norm, silu


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    x = weights["backbone.embeddings.weight"][list(tokens)]
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"backbone.layers.{i}")
        read = rms_norm(x, w["norm.weight"], c["norm_eps"])
        x = x + state_space(c, read, Below(w, "mixer"))
    x = rms_norm(x, weights["backbone.norm_f.weight"], c["norm_eps"])
    return x @ weights["lm_head.weight"].T


def state_space(c: Config, x: Array, w: Weights) -> Array:
    heads, dim, size, groups = (
        c[key] for key in ("num_heads", "head_dim", "state_size", "n_groups")
    )
    inner, keys = heads * dim, groups * size
    gate, mixed, dt = np.split(linear(x, w, "in_proj"), [inner, 2 * inner + 2 * keys], axis=-1)
    taps = w["conv1d.weight"][:, 0].T
    late = np.concatenate([np.zeros((len(taps) - 1, mixed.shape[-1])), mixed])
    mixed = silu(
        np.array([(late[t : t + len(taps)] * taps).sum(axis=0) for t in range(len(x))])
        + w["conv1d.bias"]
    )
    u, b, read = np.split(mixed, [inner, inner + keys], axis=-1)
    step = np.log(1 + np.exp(dt + w["dt_bias"]))
    made = np.zeros((len(x), inner))
    for h in range(heads):
        own, group = slice(h * dim, (h + 1) * dim), h // (heads // groups)
        at = slice(group * size, (group + 1) * size)
        state = np.zeros((dim, size))
        for t in range(len(x)):
            state = state * np.exp(-np.exp(w["A_log"][h]) * step[t, h])
            state = state + step[t, h] * np.outer(u[t, own], b[t, at])
            made[t, own] = state @ read[t, at] + w["D"][h] * u[t, own]
    if not c["norm_before_gate"]:
        made = made * silu(gate)
    normed = [
        rms_norm(made[:, part], w["norm.weight"][part], c["norm_eps"])
        for part in np.split(np.arange(inner), groups)
    ]
    made = np.concatenate(normed, axis=-1)
    return linear(made * silu(gate) if c["norm_before_gate"] else made, w, "out_proj")
