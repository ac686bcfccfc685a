"""Spark-X2.5, naively, after a copy of the release's own modeling_spark.py.

https://huggingface.co/XHToken/Spark-X2.5-4B/blob/main/modeling_spark.py; MLX reads it alike:
https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/spark2_5.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    linear,
    rms_norm,
    sigmoid,
    silu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps, table = c["rms_norm_eps"], weights["model.embedding.weight"]
    x = table[list(tokens)]
    for layer, kind in enumerate(c["layer_types"]):
        w = Below(weights, f"model.layers.{layer}")
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        x = x + attention(c, Below(w, "self_attn"), y, kind)
        x = x + mlp(Below(w, "mlp"), rms_norm(x, w["post_attention_layernorm.weight"], eps))
    x = rms_norm(x, weights["model.norm.weight"], eps)
    return np.asarray(x @ weights.get("lm_head.weight", table).T)


def attention(c: Config, w: Weights, x: Array, kind: str) -> Array:
    """One matrix gives queries, keys and values; a head's output is multiplied by a number of its own."""
    heads, shared, dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    q, k, v = np.split(linear(x, w, "q_k_v_proj"), [heads * dim, (heads + shared) * dim], axis=-1)
    q, k, v = (part.reshape(len(x), -1, dim) for part in (q, k, v))
    how = c["rope_parameters"][kind]
    part = int(dim * how["partial_rotary_factor"])
    frequencies = 1 / how["rope_theta"] ** (np.arange(0, part, 2) / part)

    def placed(one: Array, position: int) -> Array:
        return np.concatenate([turned(one[:part], position, frequencies), one[part:]])

    made = attended(
        lambda t, h: placed(q[t, h], t),
        lambda t, h: placed(k[t, h // (heads // shared)], t),
        lambda t, h: v[t, h // (heads // shared)],
        (len(x), heads),
        1 / sqrt(dim),
        c["sliding_window"] if kind == "sliding_attention" else None,
    )
    if c["headwise_attn_output_gate"]:
        opened = {"sigmoid": sigmoid, "silu": silu}[c["gate_attn_act_mode"]]
        made = made * opened(linear(x, w, "g_proj"))[..., None]
    return linear(made.reshape(len(x), -1), w, "out_proj")


def mlp(w: Weights, x: Array) -> Array:
    """GELU by the error function, not by its approximation."""
    gate = linear(x, w, "gate_proj")
    gelu = gate * (1 + np.vectorize(erf)(gate / sqrt(2))) / 2
    return linear(gelu * linear(x, w, "up_proj"), w, "down_proj")
