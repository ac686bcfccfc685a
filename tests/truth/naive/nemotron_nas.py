"""Nemotron-NAS, naively, after the release's own code.

https://huggingface.co/nvidia/Llama-3_3-Nemotron-Super-49B-v1/blob/main/modeling_decilm.py
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
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for i, block in enumerate(c["block_configs"]):
        w = Below(weights, f"model.layers.{i}")
        if not block["attention"]["no_op"]:
            y = rms_norm(x, w["input_layernorm.weight"], eps)
            if block["attention"].get("replace_with_linear"):
                x = x + linear(y, w, "self_attn.linear_attn")
            else:
                sharing = block["attention"]["n_heads_in_group"]
                x = x + attention(c, sharing, Below(w, "self_attn"), y)
        if not block["ffn"]["no_op"]:
            y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
            if block["ffn"].get("replace_with_linear"):
                x = x + linear(y, w, "mlp.linear_mlp")
            else:
                gate = silu(linear(y, w, "mlp.gate_proj"))
                x = x + linear(gate * linear(y, w, "mlp.up_proj"), w, "mlp.down_proj")
    table = "model.embed_tokens" if c["tie_word_embeddings"] else "lm_head"
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, table)


def attention(c: Config, sharing: int, w: Weights, x: Array) -> Array:
    """So many neighbouring heads read one key and one value."""
    heads, dim = c["num_attention_heads"], c["hidden_size"] // c["num_attention_heads"]
    q = linear(x, w, "q_proj").reshape(len(x), heads, dim)
    k = linear(x, w, "k_proj").reshape(len(x), heads // sharing, dim)
    v = linear(x, w, "v_proj").reshape(len(x), heads // sharing, dim)
    angles = frequencies(c, dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, angles),
        lambda t, h: turned(k[t, h // sharing], t, angles),
        lambda t, h: v[t, h // sharing],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def frequencies(c: Config, dim: int) -> Array:
    """Llama 3.1's: waves longer than the context of old are stretched, and those about as long in part."""
    plain = 1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim)
    said = c["rope_scaling"]
    if said is None:
        return np.asarray(plain)
    low, high = said["low_freq_factor"], said["high_freq_factor"]
    turns = said["original_max_position_embeddings"] * plain / (2 * np.pi)
    kept = np.clip((turns - low) / (high - low), 0, 1)
    return np.asarray(plain * (kept + (1 - kept) / said["factor"]))
