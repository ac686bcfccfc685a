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
    linear,
    rms_norm,
    shares,
    sigmoid,
    silu,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps = Below(weights, "model"), c["rms_norm_eps"]
    table = w["embed_tokens.weight"]
    x = table[list(tokens)]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.{i}")
        y = rms_norm(x, one["input_layernorm.weight"], eps)
        x = x + attention(c, Below(one, "self_attn"), y)
        y = rms_norm(x, one["post_attention_layernorm.weight"], eps)
        routed = c["num_experts"] and (i + 1) % c["decoder_sparse_step"] == 0
        if routed and i not in c["mlp_only_layers"]:
            x = x + np.array([experts(c, Below(one, "mlp"), t) for t in y])
        else:
            x = x + mlp(one, "mlp", y)
    return np.asarray(rms_norm(x, w["norm.weight"], eps) @ weights.get("lm_head.weight", table).T)


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
    routed = share @ np.array([mlp(w, f"experts.{e}", x) for e in best])
    first, second = softmax(linear(x, w, "coefficient"))
    return np.asarray(first * routed + second * mlp(w, "shared_experts", x))


def mlp(w: Weights, name: str, x: Array) -> Array:
    inner = silu(linear(x, w, f"{name}.gate_proj")) * linear(x, w, f"{name}.up_proj")
    return linear(inner, w, f"{name}.down_proj")
