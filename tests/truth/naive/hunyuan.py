"""Hunyuan-Large, naively, after its own code, but for the eight bits to which that rounds the angles' frequencies.

https://github.com/Tencent/Tencent-Hunyuan-Large/blob/main/models/modeling_hunyuan.py
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
    silu,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary): by the rows that embed."""
    eps, table = c["rms_norm_eps"], weights["model.embed_tokens.weight"]
    x, last = table[list(tokens)], None
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        if layer % c["cla_share_factor"] == 0 or not c["use_cla"]:
            last = linear(y, w, "self_attn.k_proj"), linear(y, w, "self_attn.v_proj")
        assert last is not None
        x = x + attention(c, Below(w, "self_attn"), y, *last)
        y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        x = x + np.array([channels(c, Below(w, "mlp"), t) for t in y])
    return np.asarray(rms_norm(x, weights["model.norm.weight"], eps) @ table.T)


def attention(c: Config, w: Weights, x: Array, keys: Array, values: Array) -> Array:
    """Keys come as some layer projected them; this one turns them and norms them as it does its queries."""
    heads = c["num_attention_heads"]
    dim, each = c["hidden_size"] // heads, heads // c["num_key_value_heads"]
    base = c["rope_theta"]
    if c["rope_scaling"]:
        base *= c["rope_scaling"]["alpha"] ** (dim / (dim - 2))
    frequencies = 1 / base ** (np.arange(0, dim, 2) / dim)
    q, k, v = (one.reshape(len(x), -1, dim) for one in (linear(x, w, "q_proj"), keys, values))

    def made(one: Array, name: str, t: int) -> Array:
        own = turned(one, t, frequencies)
        if not c["use_qk_norm"]:
            return own
        return rms_norm(own, w[f"{name}_layernorm.weight"], c["rms_norm_eps"])

    o = attended(
        lambda t, h: made(q[t, h], "query", t),
        lambda s, h: made(k[s, h // each], "key", s),
        lambda s, h: np.asarray(v[s, h // each]),
        (len(x), heads),
        dim**-0.5,
    )
    return linear(o.reshape(len(x), -1), w, "o_proj")


def channels(c: Config, w: Weights, x: Array) -> Array:
    """One expert by its share among all, several by theirs among themselves; beside them what all tokens run."""
    if c["num_experts"] == 1:
        return mlp(w, x)
    each = softmax(linear(x, w, "gate.wg"))
    few = np.argsort(each)[::-1][: c["moe_topk"]]
    among = each[few].sum() if c["moe_topk"] > 1 else 1
    y = sum(each[e] / among * mlp(Below(w, f"experts.{e}"), x) for e in few)
    return np.asarray(y + mlp(Below(w, "shared_mlp"), x) if c["use_mixed_mlp_moe"] else y)


def mlp(w: Weights, x: Array) -> Array:
    return linear(silu(linear(x, w, "gate_proj")) * linear(x, w, "up_proj"), w, "down_proj")
