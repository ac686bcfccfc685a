"""Klear, naively, after MLX's reading of the release.

https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/Klear.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    decoder,
    linear,
    rms_norm,
    shares,
    sigmoid,
    softmax,
    swiglu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""

    def channels(i: int, x: Array, w: Weights) -> Array:
        routed = c["num_experts"] and (i + 1) % c["decoder_sparse_step"] == 0
        if routed and i not in c["mlp_only_layers"]:
            return np.array([experts(c, w, token) for token in x])
        return swiglu(x, w)

    return decoder(c, weights, tokens, lambda x, w: attention(c, w, x), channels)


def attention(c: Config, w: Weights, x: Array) -> Array:
    heads, shared = c["num_attention_heads"], c["num_key_value_heads"]
    dim, eps, each = c["hidden_size"] // heads, c["rms_norm_eps"], heads // shared
    q = rms_norm(linear(x, w, "q_proj").reshape(len(x), heads, dim), w["q_norm.weight"], eps)
    k = rms_norm(linear(x, w, "k_proj").reshape(len(x), shared, dim), w["k_norm.weight"], eps)
    v = linear(x, w, "v_proj").reshape(len(x), shared, dim)
    speeds = 1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, speeds),
        lambda t, h: turned(k[t, h // each], t, speeds),
        lambda t, h: v[t, h // each],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """One token: its experts by the biased scores, weighed without the bias, and what is shared beside them."""
    scored, used = sigmoid(linear(x, w, "gate")), c["num_experts_per_tok"]
    best = [int(e) for e in np.argsort(scored + w["expert_bias"])[::-1][:used]]
    share = shares(scored, best, c["norm_topk_prob"], 1.0)
    routed = share @ np.array([swiglu(x, Below(w, f"experts.{e}")) for e in best])
    first, second = softmax(linear(x, w, "coefficient"))
    return np.asarray(first * routed + second * swiglu(x, Below(w, "shared_experts")))
