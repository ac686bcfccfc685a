"""Arctic, naively, after vLLM's reading of the release.

https://github.com/vllm-project/vllm/blob/v0.10.0/vllm/model_executor/models/arctic.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive import deepseek
from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    linear,
    rms_norm,
    shares,
    silu,
    softmax,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    eps = c["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        routed = (layer + 1) % c["moe_layer_frequency"] == 0
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        attended = x + deepseek.attention(c, Below(w, "self_attn"), y)
        given = x if routed and c["parallel_attn_mlp_res"] else attended
        y = rms_norm(given, w["post_attention_layernorm.weight"], eps)
        if routed:
            made = np.array([experts(c, Below(w, "block_sparse_moe"), t) for t in y])
        else:
            made = mlp(w, "block_sparse_moe.mlp", y)
        if routed and c["parallel_attn_mlp_res"]:
            y = rms_norm(attended, w["residual_layernorm.weight"], eps)
            made = made + mlp(w, "residual_mlp", y)
        x = attended + made
    return linear(rms_norm(x, weights["model.norm.weight"], eps), weights, "lm_head")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few, their shares made to sum to one unless it is one alone."""
    each, used = softmax(linear(x, w, "gate")), c["num_experts_per_tok"]
    best = [int(e) for e in np.argsort(each)[::-1][:used]]
    share = shares(each, best, used > 1, 1.0)
    return np.asarray(share @ np.array([mlp(w, f"experts.{e}", x) for e in best]))


def mlp(w: Weights, name: str, x: Array) -> Array:
    return linear(silu(linear(x, w, f"{name}.w1")) * linear(x, w, f"{name}.w3"), w, f"{name}.w2")
