"""PLaMo 2, naively, after the code of its makers for other programs.

https://github.com/ml-explore/mlx-examples/blob/main/llms/mlx_lm/models/plamo2.py and vllm/model_executor/models/plamo2.py
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
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    w, eps = Below(weights, "model"), c["rms_norm_eps"]
    table = w["embed_tokens.weight"]
    x = table[list(tokens)]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.layers.{i}")

        def normed(y: Array, name: str, offset: float, one: Weights = one) -> Array:
            return rms_norm(y, one[f"{name}.weight"] + offset, eps)

        mixer, y = Below(one, "mixer"), normed(x, "pre_mixer_norm", 1)
        full = i in (c.get("full_attention_idx") or [])
        y = state_space(c, mixer, y) if "A_log" in mixer else attention(c, mixer, y, full)
        x = x + normed(y, "post_mixer_norm", 0.2)
        y = linear(normed(x, "pre_mlp_norm", 1), one, "mlp.gate_up_proj")
        half = y.shape[-1] // 2
        y = linear(silu(y[:, :half]) * y[:, half:], one, "mlp.down_proj")
        x = x + normed(y, "post_mlp_norm", 5**-1.5)
    x = rms_norm(x, w["norm.weight"] + 1, eps)
    return np.asarray(x @ weights.get("lm_head.weight", table).T)


def attention(c: Config, w: Weights, x: Array, full: bool) -> Array:
    """Of the tokens before its own, a query sees as many as the window says."""
    (heads, dim), shared = w["q_weight"].shape, len(w["k_weight"])
    rows = linear(x, w, "qkv_proj").reshape(len(x), -1, dim)
    q = rms_norm(rows[:, :heads], w["q_weight"], 1e-6)
    k = rms_norm(rows[:, heads : heads + shared], w["k_weight"], 1e-6)
    v, each = rows[:, heads + shared :], heads // shared
    speeds = 1 / 10000 ** (np.arange(0, dim, 2) / dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, speeds),
        lambda t, h: turned(k[t, h // each], t, speeds),
        lambda t, h: v[t, h // each],
        (len(x), heads),
        dim**-0.5,
        None if full else c["attention_window_size"] + 1,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def state_space(c: Config, w: Weights, x: Array) -> Array:
    """A matrix a head, which fades by one number; B, C and what the step is made of are chosen of the convolved stream."""
    heads, states, eps = len(w["A_log"]), len(w["B_norm_weight"]), c["rms_norm_eps"]
    each = len(w["in_proj.weight"]) // (2 * heads)
    both = linear(x, w, "in_proj").reshape(len(x), heads, 2, each)
    gate, read = silu(both[:, :, 0]), both[:, :, 1]
    read = silu(convolved(read.reshape(len(x), -1), w["conv1d.weight"]))
    chosen = linear(read, w, "bcdt_proj")
    along = rms_norm(chosen[:, :states], w["B_norm_weight"], eps)
    asked = rms_norm(chosen[:, states : 2 * states], w["C_norm_weight"], eps)
    step = linear(rms_norm(chosen[:, 2 * states :], w["dt_norm_weight"], eps), w, "dt_proj")
    step = np.log(1 + np.exp(step + w["dt_bias"]))
    read = read.reshape(gate.shape)
    made = np.zeros_like(read)
    for h in range(heads):
        state = np.zeros((each, states))
        for t in range(len(x)):
            fade = np.exp(-np.exp(w["A_log"][h]) * step[t, h])
            state = fade * state + step[t, h] * np.outer(read[t, h], along[t])
            made[t, h] = state @ asked[t] + w["D"][h] * read[t, h]
    return linear((made * gate).reshape(len(x), -1), w, "out_proj")
