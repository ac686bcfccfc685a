"""DeepSeekMoE, naively, after the release's own code and MLX's.

https://huggingface.co/deepseek-ai/deepseek-moe-16b-base/blob/main/modeling_deepseek.py
https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/deepseek.py
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
    silu,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        x = x + attention(c, Below(w, "self_attn"), y)
        y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        dense = layer < c["first_k_dense_replace"]
        x = x + np.array([mlp(w, "mlp", t) if dense else experts(c, w, t) for t in y])
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")


def attention(c: Config, w: Weights, x: Array) -> Array:
    heads = c["num_attention_heads"]
    dim, each = c["hidden_size"] // heads, heads // c["num_key_value_heads"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    frequencies = 1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim)
    for one in (q, k):
        for t, h in np.ndindex(*one.shape[:2]):
            one[t, h] = turned(one[t, h], t, frequencies)
    made = attended(
        lambda t, h: q[t, h],
        lambda t, h: k[t, h // each],
        lambda t, h: v[t, h // each],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few, each with its share among all, and the shared ones, which are stored as one."""
    each, used = softmax(linear(x, w, "mlp.gate")), c["num_experts_per_tok"]
    best = np.argsort(each)[::-1][:used]
    share = shares(each, [int(e) for e in best], used > 1 and c["norm_topk_prob"], 1.0)
    routed = sum(s * mlp(w, f"mlp.experts.{e}", x) for s, e in zip(share, best, strict=True))
    return np.asarray(routed + mlp(w, "mlp.shared_experts", x))


def mlp(w: Weights, name: str, x: Array) -> Array:
    gate = silu(linear(x, w, f"{name}.gate_proj"))
    return linear(gate * linear(x, w, f"{name}.up_proj"), w, f"{name}.down_proj")
