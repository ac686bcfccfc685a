"""Phi-4-mini-flash, naively, after the release's own code, in one precision where that rounds queries, keys and values.

https://huggingface.co/microsoft/Phi-4-mini-flash-reasoning/blob/main/modeling_phi4flash.py
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
    convolved,
    linear,
    rms_norm,
    silu,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    half, eps = c["num_hidden_layers"] // 2, c["layer_norm_eps"]
    x = weights["model.embed_tokens.weight"][list(tokens)]
    memory = None
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{i}")
        y, own = layer_norm(x, w, "input_layernorm", eps), Below(w, "attn")
        if i % 2 == 0 and i > half:
            assert memory is not None
            x = x + linear(silu(linear(y, own, "in_proj")) * memory, own, "out_proj")
        elif i % 2 == 0:
            read, gate = state_space(c, own, y)
            memory = read
            x = x + linear(read * silu(gate), own, "out_proj")
        else:
            if i < half + 2:
                q, k, v = parts(c, own, y)
            else:
                q = linear(y, own, "Wqkv")
            x = x + attention(c, own, (q, k, v), i, c["sliding_window"] if i < half else None)
        y = layer_norm(x, w, "post_attention_layernorm", eps)
        gate, up = np.split(linear(y, w, "mlp.fc1"), 2, axis=-1)
        x = x + linear(silu(gate) * up, w, "mlp.fc2")
    table = "model.embed_tokens" if c["tie_word_embeddings"] else "lm_head"
    return linear(layer_norm(x, weights, "model.final_layernorm", eps), weights, table)


def layer_norm(x: Array, w: Weights, name: str, eps: float) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    return rms_norm(centred, w[f"{name}.weight"], eps) + w[f"{name}.bias"]


def state_space(c: Config, w: Weights, x: Array) -> tuple[Array, Array]:
    """What is read of each channel's state, and the gate that is still to come."""
    u, gate = np.split(linear(x, w, "in_proj"), 2, axis=-1)
    u = silu(convolved(u, w["conv1d.weight"]) + w["conv1d.bias"])
    rank, size = -(-c["hidden_size"] // 16), c["mamba_d_state"]
    step, b, read_by = np.split(linear(u, w, "x_proj"), [rank, rank + size], axis=-1)
    step = np.log1p(np.exp(linear(step, w, "dt_proj")))
    made = np.zeros_like(u)
    for channel in range(u.shape[1]):
        fading, state = -np.exp(w["A_log"][channel]), np.zeros(size)
        for t in range(len(u)):
            state = (
                np.exp(step[t, channel] * fading) * state + step[t, channel] * u[t, channel] * b[t]
            )
            made[t, channel] = state @ read_by[t] + w["D"][channel] * u[t, channel]
    return made, gate


def parts(c: Config, w: Weights, x: Array) -> list[Array]:
    """Queries, keys and values, whose rows stand in this order."""
    wide = c["hidden_size"]
    each = wide // c["num_attention_heads"] * c["num_key_value_heads"]
    return np.split(linear(x, w, "Wqkv"), [wide, wide + each], axis=-1)


def attention(
    c: Config, w: Weights, held: tuple[Array, Array, Array], layer: int, window: int | None
) -> Array:
    """Head 2j is attention, head 2j + 1 the noise that is subtracted; both mix the values of two heads."""
    heads = c["num_attention_heads"]
    dim, each = c["hidden_size"] // heads, heads // c["num_key_value_heads"]
    q, k, v = (one.reshape(len(one), -1, dim) for one in held)

    def side(odd: int) -> Array:
        return attended(
            lambda t, j: q[t, 2 * j + odd],
            lambda s, j: k[s, 2 * (j // each) + odd],
            lambda s, j: np.concatenate([v[s, 2 * (j // each)], v[s, 2 * (j // each) + 1]]),
            (len(q), heads // 2),
            dim**-0.5,
            window,
        )

    first = 0.8 - 0.6 * np.exp(-0.3 * layer)
    learned = Below(w, "inner_cross_attn")
    one, other = (np.exp(learned[f"lambda_q{n}"] @ learned[f"lambda_k{n}"]) for n in (1, 2))
    o = side(0) - (one - other + first) * side(1)
    o = rms_norm(o, learned["subln.weight"], 1e-5) * (1 - first)
    return linear(o.reshape(len(q), -1), w, "out_proj")
