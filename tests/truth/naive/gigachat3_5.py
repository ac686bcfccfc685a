"""GigaChat 3.5, naively.

After its makers' vLLM class, vllm/model_executor/models/gigachat3_5.py
(https://github.com/vllm-project/vllm/pull/47708), and their class for SGLang, python/sglang/srt/models/gigachat35.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import log

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
    routed,
    sigmoid,
    silu,
    stretched,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    body = Below(weights, "model")
    full = c.get("full_attention_layers")
    if full is None:
        full = [i for i, kind in enumerate(c["layer_types"]) if kind == "full_attention"]
    x = body["embed_tokens.weight"][list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(body, f"layers.{layer}")
        y = gated(c, w, "input_layernorm", x)
        y = (attention if layer in full else delta)(c, Below(w, "self_attn"), y)
        x = x + gated(c, w, "post_self_attn_layernorm", y)
        y = gated(c, w, "post_attention_layernorm", x)
        if layer < c["first_k_dense_replace"]:
            y = mlp(c, Below(w, "mlp"), y)
        else:
            y = routed(c, Below(w, "mlp"), y, partial(mlp, c))
        x = x + gated(c, w, "post_feedforward_layernorm", y)
    return linear(gated(c, body, "norm", x), weights, "lm_head")


def gated(c: Config, w: Weights, name: str, x: Array) -> Array:
    """A norm of which each channel is times a gate that is made of all of what it gives."""
    y = rms_norm(x, 1 + w[f"{name}.weight"], c["rms_norm_eps"])
    narrow = silu(linear(y, w, f"{name}.gate_up_projection"))
    share = sigmoid(linear(narrow, w, f"{name}.gate_down_projection"))
    return np.asarray(y * c["layernorm_gating_weight"] * share)


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Queries, keys and values out of latents; each channel that the heads give is times a gate."""
    heads, rank = c["num_attention_heads"], c["kv_lora_rank"]
    plain, wide, dim = c["qk_nope_head_dim"], c["qk_rope_head_dim"], c["v_head_dim"]
    used = c["use_mla_scaling_factor"]
    if c["q_lora_rank"] is None:
        q = linear(x, w, "q_proj")
    else:
        asking = gated(c, w, "q_a_layernorm", linear(x, w, "q_a_proj"))
        if used:
            asking = asking * np.sqrt(c["hidden_size"] / c["q_lora_rank"])
        q = linear(asking, w, "q_b_proj")
    q = q.reshape(len(x), heads, plain + wide)
    both = linear(x, w, "kv_a_proj_with_mqa")
    latent = gated(c, w, "kv_a_layernorm", both[:, :rank])
    if used:
        latent = latent * np.sqrt(c["hidden_size"] / rank)
    kv = linear(latent, w, "kv_b_proj").reshape(len(x), heads, plain + dim)
    said = c["rope_scaling"]
    speeds = stretched(c["rope_theta"], wide, said)
    longer, scale = 1.0, (plain + wide) ** -0.5
    if said is not None:
        every = said.get("mscale_all_dim")
        if every:
            scale *= (0.1 * every * log(said["factor"]) + 1) ** 2
        if every and said.get("mscale"):
            longer = (0.1 * said["mscale"] * log(said["factor"]) + 1) / (
                0.1 * every * log(said["factor"]) + 1
            )
        else:
            longer = 0.1 * log(said["factor"]) + 1

    def at(vector: Array, t: int) -> Array:
        """Neighbouring channels are a pair."""
        if c.get("rope_interleave", True):
            vector = np.concatenate([vector[0::2], vector[1::2]])
        return np.asarray(longer * turned(vector, t, speeds))

    of_all = [at(key, t) for t, key in enumerate(both[:, rank:])]
    o = attended(
        lambda t, h: np.concatenate([q[t, h, :plain], at(q[t, h, plain:], t)]),
        lambda s, h: np.concatenate([kv[s, h, :plain], of_all[s]]),
        lambda s, h: kv[s, h, plain:],
        (len(x), heads),
        scale,
    ).reshape(len(x), -1)
    if c["gated_attention"]:
        o = o * sigmoid(linear(x, w, "gate_proj"))
    return linear(o, w, "o_proj")


def delta(c: Config, w: Weights, x: Array) -> Array:
    """The gated delta rule, one head's state after the other; what is stored as one goes by key heads."""
    keys, values = c["linear_num_key_heads"], c["linear_num_value_heads"]
    dim, wide, each = c["linear_key_head_dim"], c["linear_value_head_dim"], values // keys
    of_key = linear(x, w, "in_proj_qkvz").reshape(len(x), keys, -1)
    ends = np.cumsum([dim, dim, each * wide])
    q, k, v, z = (one.reshape(len(x), -1) for one in np.split(of_key, ends, axis=-1))
    pairs = linear(x, w, "in_proj_ba").reshape(len(x), keys, 2 * each)
    beta = sigmoid(pairs[..., :each]).reshape(len(x), values)
    alpha = pairs[..., each:].reshape(len(x), values)
    mixed = silu(convolved(np.concatenate([q, k, v], axis=-1), w["conv1d.weight"]))
    q, k, v = np.split(mixed, [keys * dim, 2 * keys * dim], axis=-1)
    log_decay = -np.exp(w["A_log"]) * np.log(1 + np.exp(alpha + w["dt_bias"]))
    eps = c.get("linear_attn_o_norm_eps") or c["rms_norm_eps"]
    made = np.zeros_like(v)
    for h in range(values):
        asked = slice(h // each * dim, (h // each + 1) * dim)
        own = slice(h * wide, (h + 1) * wide)
        state = np.zeros((dim, wide))
        for t in range(len(x)):
            key, query = (
                one[t, asked] / np.sqrt((one[t, asked] ** 2).sum() + 1e-6) for one in (k, q)
            )
            state = np.exp(log_decay[t, h]) * state
            state = state + beta[t, h] * np.outer(key, v[t, own] - key @ state)
            o = rms_norm(query @ state / np.sqrt(dim), 1 + w["norm.weight"], eps)
            made[t, own] = o * sigmoid(z[t, own]) * c["linear_sigmoid_gate_scale"]
    return linear(made, w, "out_proj")


def mlp(c: Config, w: Weights, x: Array) -> Array:
    """The gate at most a limit before its SiLU, the other half within it on both sides."""
    gate, up = linear(x, w, "gate_proj"), linear(x, w, "up_proj")
    if most := c.get("swiglu_limit", 10.0):
        gate, up = np.minimum(gate, most), np.clip(up, -most, most)
    return linear(silu(gate) * up, w, "down_proj")
