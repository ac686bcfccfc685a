"""K2 Horizon, naively, after its makers' code in transformers and MLX's reading of it.

https://github.com/huggingface/transformers/blob/main/src/transformers/models/k2_horizon/modular_k2_horizon.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    rms_norm,
    sigmoid,
    silu,
    softmax,
    swiglu,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, table = Below(weights, "model"), weights["model.embed_tokens.weight"]
    x, groups = table[list(tokens)], c["layernorm_num_groups"]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.{i}")
        routed = c["num_experts"] and i not in c["mlp_only_layers"]
        routed = routed and (i + 1) % c["decoder_sparse_step"] == 0
        read = grouped(c, x, one["input_layernorm.weight"], groups)
        x = x + attention(c, Below(one, "self_attn"), read, bool(routed))
        read = grouped(c, x, one["post_attention_layernorm.weight"], groups)
        mlp = Below(one, "mlp")
        x = x + (np.array([experts(c, mlp, t) for t in read]) if routed else swiglu(read, mlp))
    x = grouped(c, x, w["norm.weight"], groups)
    return np.asarray(x @ weights.get("lm_head.weight", table).T)


def grouped(c: Config, x: Array, scale: Array, groups: int) -> Array:
    """Each group of channels by itself."""
    parts = [rms_norm(part, 1.0, c["rms_norm_eps"]) for part in np.split(x, groups, axis=-1)]
    return np.concatenate(parts, axis=-1) * scale


def attention(c: Config, w: Weights, x: Array, routed: bool) -> Array:
    heads, shared, dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    q, k = x @ w["q_proj.weight"].T, x @ w["k_proj.weight"].T
    if c["query_key_norm"]:
        q, k = grouped(c, q, w["q_norm.weight"], heads), grouped(c, k, w["k_norm.weight"], shared)
    if routed and c["mova_num_experts"]:
        v = np.array([values(c, w, t) for t in x])
    else:
        v = x @ w["v_proj.weight"].T
    q, k, v = (one.reshape(len(x), -1, dim) for one in (q, k, v))
    each, window = heads // shared, c["sliding_window"] if c.get("use_sliding_window") else None
    made = attended(
        lambda t, h: rotated(c, q[t, h], t),
        lambda t, h: rotated(c, k[t, h // each], t),
        lambda t, h: v[t, h // each],
        (len(x), heads),
        dim**-0.5,
        window,
    ).reshape(len(x), -1)
    if c["attention_gate_func"]:
        gate = x @ w["gate_proj.weight"].T
        bent = (
            silu(gate)
            if c["attention_gate_func"] == "silu"
            else np.log1p(np.exp(log(2) * gate)) / log(2)
        )
        made = made * bent
    return np.asarray(made @ w["o_proj.weight"].T)


def rotated(c: Config, x: Array, position: int) -> Array:
    """Channel i and the one half a head on are a pair; the first pairs turn, so many that their channels are the part."""
    part, half, base = c["rope_head_dim"], c["head_dim"] // 2, c["rope_parameters"]["rope_theta"]
    made = x.copy()
    for i in range(part // 2):
        angle = position * base ** (-2 * i / part)
        one, other = x[i], x[half + i]
        made[i] = one * np.cos(angle) - other * np.sin(angle)
        made[half + i] = other * np.cos(angle) + one * np.sin(angle)
    return made


def chosen(
    c: Config, w: Weights, name: str, x: Array, used: int, normalized: bool
) -> list[tuple[int, float]]:
    """Experts of a token and their weights; the bias says which, and not how much."""
    raw = w[f"{name}.weight"] @ x
    each = sigmoid(raw) if c["router_score_func"] == "sigmoid" else softmax(raw)
    wanted = each + w[f"{name}.bias"] if c["moe_gate_bias"] else each
    best = [int(e) for e in np.argsort(wanted)[::-1][:used]]
    total = each[best].sum() if normalized else 1.0
    return [(e, each[e] / total * (c["router_scaling_factor"] or 1.0)) for e in best]


def values(c: Config, w: Weights, x: Array) -> Array:
    used = c["mova_num_experts_per_tok"]
    picked = chosen(c, w, "v_router", x, used, used > 1)
    return np.asarray(sum(much * silu(w[f"v_experts.{e}.weight"] @ x) for e, much in picked))


def experts(c: Config, w: Weights, x: Array) -> Array:
    picked = chosen(c, w, "gate", x, c["num_experts_per_tok"], c["norm_topk_prob"])
    made = sum(much * swiglu(x, Below(w, f"experts.{e}")) for e, much in picked)
    return np.asarray(made + swiglu(x, Below(w, "shared_experts")))
