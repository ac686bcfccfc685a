"""K-EXAONE, naively, with the window and the limit of each layer that K-EXAONE 2.0 states and transformers 5.25 doesn't read.

After https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/models/exaone_moe.py and
https://github.com/NVIDIA-NeMo/Megatron-Bridge/blob/main/src/megatron/bridge/models/exaone/exaone_moe/exaone_moe_provider.py
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
    routed,
    silu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for i, kind in enumerate(c["layer_types"]):
        w = Below(weights, f"model.layers.{i}")
        window = c["sliding_window"] if kind == "sliding_attention" else 0
        window = c["sliding_windows"][i] if c["sliding_windows"] else window
        limit = c["swiglu_limits"][i] if c["swiglu_limits"] else 0
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        x = x + attention(c, Below(w, "self_attn"), y, window)
        y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        sparse = "mlp.gate.weight" in w
        x = x + (experts if sparse else dense)(c, Below(w, "mlp"), y, limit or np.inf)
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")


def attention(c: Config, w: Weights, x: Array, window: int) -> Array:
    """Grouped queries, normed head by head; rotated only where there is a window."""
    heads, dim, eps = c["num_attention_heads"], c["head_dim"], c["rms_norm_eps"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    q, k = rms_norm(q, w["q_norm.weight"], eps), rms_norm(k, w["k_norm.weight"], eps)
    if window:
        frequencies = 1 / c["rope_parameters"]["rope_theta"] ** (np.arange(0, dim, 2) / dim)
        for one in (q, k):
            for t, h in np.ndindex(*one.shape[:2]):
                one[t, h] = turned(one[t, h], t, frequencies)
    each = heads // k.shape[1]
    made = attended(
        lambda t, h: q[t, h],
        lambda s, h: k[s, h // each],
        lambda s, h: v[s, h // each],
        (len(x), heads),
        dim**-0.5,
        window or None,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def experts(c: Config, w: Weights, x: Array, limit: float) -> Array:
    """Those that a router chose, and one that all tokens run."""
    return routed(c, w, x, lambda of, y: dense(c, of, y, limit), "e_score_correction_bias")


def dense(_: Config, w: Weights, x: Array, limit: float) -> Array:
    """The gate is held from above before its SiLU, up on both sides."""
    gate, up = linear(x, w, "gate_proj"), linear(x, w, "up_proj")
    return linear(silu(np.minimum(gate, limit)) * np.clip(up, -limit, limit), w, "down_proj")
