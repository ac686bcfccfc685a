"""IQuest-Q1, naively, after its makers' code in SGLang and vLLM.

https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/models/iquest_q1.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    linear,
    rms_norm,
    silu,
    softmax,
    swiglu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps, table = Below(weights, "model"), c["rms_norm_eps"], weights["model.embed_tokens.weight"]
    kinds = [*c["first_layers_types"], *c["hybrid_layers_types_block"], *c["last_layers_types"]]
    x = table[list(tokens)]
    for i, kind in enumerate(kinds):
        one, local = (
            Below(w, f"layers.{i}"),
            kind == "sliding_attention" and c["use_sliding_window"],
        )
        read = rms_norm(x, one["attention_norm.weight"], eps)
        made = attention(c, Below(one, "self_attn"), read, local, i in c["no_rope_layers"])
        made = rms_norm(made, one["attn_out_norm.weight"], eps)
        if i == 0:
            x = x + c["first_layer_attn_out_scale"] * made
        else:
            x = read + c["attn_out_scale"] * made
        read, mlp = rms_norm(x, one["feed_forward_norm.weight"], eps), Below(one, "mlp")
        dense = i in c["mlp_only_layers"]
        made = swiglu(read, mlp) if dense else np.array([experts(c, mlp, t) for t in read])
        if i == 0:
            made = rms_norm(made, one["ffn_out_norm.weight"], eps)
            x = x + c["first_layer_ffn_out_scale"] * made
        else:
            x = x + c["ffn_out_scale"] * made
    x = rms_norm(x, w["norm.weight"], eps)
    return np.asarray(c["logit_scale"] * x @ weights.get("lm_head.weight", table).T)


def attention(c: Config, w: Weights, x: Array, local: bool, plain: bool) -> Array:
    """Scores of keys, and the one of the learned key, which takes its share of nothing."""
    heads, shared, dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    eps, each = c["rms_norm_eps"], heads // shared
    q = rms_norm(linear(x, w, "q_proj").reshape(len(x), heads, dim), w["q_norm.weight"], eps)
    k = rms_norm(linear(x, w, "k_proj").reshape(len(x), shared, dim), w["k_norm.weight"], eps)
    v = linear(x, w, "v_proj").reshape(len(x), shared, dim)
    part, base = c["rotary_dim"] or dim, c["swa_rope_theta"] if local else c["rope_theta"]
    speeds = 1 / base ** (np.arange(0, part, 2) / part)
    for one in (q, k):
        for t, h in np.ndindex(*one.shape[:2]):
            if not plain:
                one[t, h, :part] = turned(one[t, h, :part], t, speeds)
    scale = dim**-0.5 if c["softmax_scale"] is None else c["softmax_scale"]
    made = np.zeros_like(q)
    for t, h in np.ndindex(len(x), heads):
        first = max(0, t + 1 - c["sliding_window"]) if local else 0
        seen = range(first, t + 1)
        raw = [scale * (q[t, h] @ k[s, h // each]) for s in seen]
        if c["enable_sink_attention"]:
            raw.append(scale * (q[t, h] @ w["sink_k"][h // each]))
        p = softmax(np.array(raw))
        made[t, h] = sum(p[n] * v[s, h // each] for n, s in enumerate(seen))
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """One token's: the gate's rows of the first matrix stand before those of what it multiplies."""
    each = softmax(linear(x, w, "router"))
    best = np.argsort(each)[::-1][: c["num_experts_per_tok"]]
    made = np.zeros_like(x)
    for e in best:
        gate, up = np.split(w["experts.fc"][e] @ x, 2)
        made = made + each[e] / each[best].sum() * (w["experts.proj"][e] @ (silu(gate) * up))
    return made
