"""Phi-3 small, naively, after MLX's and vLLM's readings of the release.

https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/phi3small.py
https://github.com/vllm-project/vllm/blob/v0.6.0/vllm/model_executor/models/phi3_small.py
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
    sigmoid,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary): by the rows that embed."""
    table = weights["model.embed_tokens.weight"]
    x = c["mup_embedding_multiplier"] * table[list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{layer}")
        every = c["dense_attention_every_n_layers"]
        whole = bool(every) and (layer + 1) % every == 0
        y = layer_norm(c, x, w, "input_layernorm")
        x = x + attention(c, Below(w, "self_attn"), y, whole)
        y = layer_norm(c, x, w, "post_attention_layernorm")
        x = x + mlp(c, Below(w, "mlp"), y)
    y = layer_norm(c, x, weights, "model.final_layernorm")
    return np.asarray(y @ table.T / c["mup_width_multiplier"])


def layer_norm(c: Config, x: Array, w: Weights, name: str) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(-1, keepdims=True) + c["layer_norm_epsilon"])
    return np.asarray(centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"])


def attention(c: Config, w: Weights, x: Array, whole: bool) -> Array:
    """Each token's heads, one by one, over the tokens of the blocks that the head sees."""
    heads, groups = c["num_attention_heads"], c["num_key_value_heads"]
    dim, each = c["hidden_size"] // heads, heads // groups
    qkv = linear(x, w, "query_key_value").reshape(len(x), groups, each + 2, dim)
    frequencies = 1 / c["rope_embedding_base"] ** (np.arange(0, dim, 2) / dim)
    scale = c["mup_attn_multiplier"] / dim if c["mup_use_scaling"] else dim**-0.5
    size, near = c["blocksparse_block_size"], c["blocksparse_num_local_blocks"]
    made = np.zeros((len(x), heads, dim))
    for t, h in np.ndindex(len(x), heads):
        group = qkv[:, h // each]
        query = turned(group[t, h % each], t / c["rope_position_scale"], frequencies)
        seen = []
        for s in range(t + 1):
            apart = t // size - s // size
            strided = (s // size + h + 1) % c["blocksparse_vert_stride"] == 0
            if whole or apart < near or strided:
                seen.append(s)
        keys = [turned(group[s, -2], s / c["rope_position_scale"], frequencies) for s in seen]
        p = softmax(np.array([scale * query @ key for key in keys]))
        made[t, h] = sum(share * group[s, -1] for share, s in zip(p, seen, strict=True))
    return linear(made.reshape(len(x), -1), w, "dense")


def mlp(c: Config, w: Weights, x: Array) -> Array:
    """GELU by a sigmoid of what stands in even places, times what stands in odd ones and one more."""
    both, limit = linear(x, w, "up_proj"), c["gegelu_limit"]
    gate, up = both[..., ::2], both[..., 1::2]
    if limit is not None:
        gate, up = np.minimum(gate, limit), np.clip(up, -limit, limit)
    return linear(gate * sigmoid(1.702 * gate) * (up + 1), w, "down_proj")
