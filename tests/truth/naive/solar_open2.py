"""Solar Open 2, naively.

After https://github.com/huggingface/transformers/blob/main/src/transformers/models/solar_open2/modeling_solar_open2.py
(later than the reference here) and
https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/solar_open2.py.
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
    delta_attention,
    linear,
    rms_norm,
    routed,
    sigmoid,
    silu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    full = c["gqa_layers"]
    if full is None:
        full = range(0, c["num_hidden_layers"], c["gqa_interval"] + 1)
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        mixer = attention if layer in full else delta
        x = x + mixer(c, Below(w, "self_attn"), rms_norm(x, w["input_layernorm.weight"], eps))
        x = x + routed(
            c, Below(w, "mlp"), rms_norm(x, w["post_attention_layernorm.weight"], eps), mlp
        )
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")


def delta(c: Config, w: Weights, x: Array) -> Array:
    """Written with up to twice a token where eigenvalues may be negative."""
    held = c["linear_attn_config"]
    most = 2.0 if c.get("kda_allow_neg_eigval", True) else 1.0
    return delta_attention(
        x, w, (held["num_heads"], held["head_dim"]), c["rms_norm_eps"], most=most
    )


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Grouped queries; by default without norms and positions, and with a gate on what the heads give."""
    heads, dim = c["num_attention_heads"], c["head_dim"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    if c.get("use_qk_norm", False):
        q, k = (
            rms_norm(one, w[f"{name}_norm.weight"], c["rms_norm_eps"])
            for one, name in ((q, "q"), (k, "k"))
        )
    if c.get("use_rope", False):
        wide = int(dim * c.get("partial_rotary_factor", 1.0))
        frequencies = 1 / c["rope_theta"] ** (np.arange(0, wide, 2) / wide)
        for one in (q, k):
            for t, h in np.ndindex(*one.shape[:2]):
                one[t, h, :wide] = turned(one[t, h, :wide], t, frequencies)
    each = heads // k.shape[1]
    o = attended(
        lambda t, h: q[t, h],
        lambda s, h: k[s, h // each],
        lambda s, h: v[s, h // each],
        (len(x), heads),
        dim**-0.5,
    ).reshape(len(x), -1)
    if c.get("use_gqa_gate", True):
        o = o * sigmoid(linear(x, w, "g_proj"))
    return linear(o, w, "o_proj")


def mlp(w: Weights, x: Array) -> Array:
    return linear(silu(linear(x, w, "gate_proj")) * linear(x, w, "up_proj"), w, "down_proj")
