"""Step 3's language model, naively, after vLLM's reading of it.

https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/step3_text.py
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
    c = c["text_config"]
    eps, last = c["rms_norm_eps"], c["num_hidden_layers"]
    said = c["moe_layers_enum"]
    sparse = {int(n) for n in said.split(",")} if said else {*range(1, last)}
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for layer in range(last):
        w = Below(weights, f"model.layers.{layer}")
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        x = x + attention(c, Below(w, "self_attn"), y)
        y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        if layer in sparse:
            x = x + np.array([experts(c, w, t) + mlp(w, "share_expert", t) for t in y])
        else:
            x = x + mlp(w, "mlp", y)
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Many heads, whose queries come of one normed vector, over one key and one value."""
    heads, dim = c["num_attention_heads"], c["head_dim"]
    latent = rms_norm(linear(x, w, "q_proj"), w["inter_norm.weight"], c["rms_norm_eps"])
    q = linear(latent, w, "wq").reshape(len(x), heads, dim)
    k, v = linear(x, w, "k_proj"), linear(x, w, "v_proj")
    frequencies = 1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim)
    k = np.array([turned(one, t, frequencies) for t, one in enumerate(k)])
    made = attended(
        lambda t, h: turned(q[t, h], t, frequencies),
        lambda t, h: k[t],
        lambda t, h: v[t],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few of the stacked ones, each with its share among all, or among the few."""
    each = softmax(linear(x, w, "moe.gate"))
    best = [int(e) for e in np.argsort(each)[::-1][: c["moe_top_k"]]]
    gate, up, down = (w[f"moe.{name}_proj.weight"] for name in ("gate", "up", "down"))
    routed = [down[e] @ (silu(gate[e] @ x) * (up[e] @ x)) for e in best]
    return np.asarray(shares(each, best, c["norm_expert_weight"], 1.0) @ np.array(routed))


def mlp(w: Weights, name: str, x: Array) -> Array:
    gate = silu(linear(x, w, f"{name}.gate_proj"))
    return linear(gate * linear(x, w, f"{name}.up_proj"), w, f"{name}.down_proj")
