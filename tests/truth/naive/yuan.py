"""Yuan 2.0, naively, after the release's own code.

https://github.com/IEIT-Yuan/Yuan-2.0/blob/main/3rdparty/vllm/yuan_hf_model.py
https://github.com/IEIT-Yuan/Yuan2.0-M32/blob/main/3rd_party/AutoGPTQ/auto_gptq/modeling/yuan_moe_hf_model.py
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
    silu,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""

    def channels(_: int, x: Array, w: Weights) -> Array:
        if (mixture := c.get("moe_config")) and mixture["moe_num_experts"]:
            return np.array([chosen(mixture, w, token) for token in x])
        return linear(linear(x, w, "gate_proj") * silu(linear(x, w, "up_proj")), w, "down_proj")

    return decoder(c, weights, tokens, lambda x, w: attention(c, w, x), channels)


def chosen(m: Config, w: Weights, y: Array) -> Array:
    """`YuanMoeLayer` of one token: `ParallelAttention_router`, then the experts with the largest shares."""
    many = range(m["moe_num_experts"])
    q, k, v = (w[f"gate.{name}.weight"] @ y for name in ("query", "key", "value"))
    p = softmax(np.array([softmax(q[i] * k) @ v for i in many]))
    best = sorted(many, key=lambda i: -p[i])[: m["moe_top_k"]]
    made = np.zeros_like(y)
    for i in best:
        inner = w[f"experts.{i}.w1.weight"] @ y
        if m["gated_linear_unit"]:
            gate, up = np.split(inner, 2)
            inner = silu(gate) * up
        else:
            inner = silu(inner)
        share = p[i] / p[best].sum() if m["norm_topk_prob"] else p[i]
        made += share * (w[f"experts.{i}.w2.weight"] @ inner)
    return made


def filtered(w: Weights, x: Array) -> Array:
    """`LocalizedFiltering`: each convolution reads zeros where nothing came before, whatever its bias."""
    y = x
    for name in ("conv1", "conv2"):
        kernel, bias = w[f"{name}.weight"][..., 0], w[f"{name}.bias"]
        rows = []
        for t in range(len(y)):
            before = y[t - 1] if t else np.zeros_like(y[0])
            rows.append(kernel[:, :, 0] @ before + kernel[:, :, 1] @ y[t] + bias)
        y = np.array(rows)
    return rms_norm(x + y, w["output_layernorm.weight"], 1e-6)


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Both projections' rows as one, of which each head takes a query and then a key."""
    heads = c["num_attention_heads"]
    dim = (c.get("attention_projection_size") or c["hidden_size"]) // heads
    part = c["hidden_size"] // heads
    speeds = 1 / 10000 ** (np.arange(0, part, 2) / part)
    mixed = filtered(Below(w, "lf_gate"), x)
    both = np.concatenate([linear(mixed, w, "q_proj"), linear(mixed, w, "k_proj")], axis=-1)
    v = linear(x, w, "v_proj").reshape(len(x), heads, dim)

    def row(t: int, place: int) -> Array:
        one = both[t, place * dim : (place + 1) * dim]
        return np.concatenate([turned(one[:part], t, speeds), one[part:]])

    made = attended(
        lambda t, h: row(t, 2 * h),
        lambda t, h: row(t, 2 * h + 1),
        lambda t, h: v[t, h],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")
