"""DeepSeek V3 and its prediction module, naively, after the report and two servers' code.

https://arxiv.org/abs/2412.19437 (sections 2.1 and 2.2)
https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/deepseek_mtp.py
https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/models/deepseek_nextn.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.deepseek import mlp
from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    chosen,
    linear,
    rms_norm,
    shares,
    sigmoid,
)


def scores(
    c: Config, weights: Weights, tokens: Sequence[int], following: Sequence[int]
) -> tuple[Array, Array]:
    """Of all next tokens, and of all those after, each (tokens, vocabulary)."""
    x = weights["model.embed_tokens.weight"][list(tokens)]
    for number in range(c["num_hidden_layers"]):
        w = Below(weights, f"model.layers.{number}")
        x = layer(c, w, x, dense=number < c["first_k_dense_replace"])
    x = rms_norm(x, weights["model.norm.weight"], c["rms_norm_eps"])
    w = Below(weights, f"model.layers.{c['num_hidden_layers']}")
    return linear(x, weights, "lm_head"), predicted(c, w, x, following)


def predicted(c: Config, w: Weights, x: Array, following: Sequence[int]) -> Array:
    """The module on the stream after the last norm: the left half of its matrix takes the token."""
    eps, width, made = c["rms_norm_eps"], c["hidden_size"], []
    left, right = np.split(w["eh_proj.weight"], [width], axis=1)
    for t, token in enumerate(following):
        e = rms_norm(w["embed_tokens.weight"][token], w["enorm.weight"], eps)
        made.append(left @ e + right @ rms_norm(x[t], w["hnorm.weight"], eps))
    y = layer(c, w, np.array(made), dense=False)
    return linear(rms_norm(y, w["shared_head.norm.weight"], eps), w, "shared_head.head")


def layer(c: Config, w: Weights, x: Array, *, dense: bool) -> Array:
    """Attention, then an MLP or experts, each added."""
    eps = c["rms_norm_eps"]
    x = x + attention(c, Below(w, "self_attn"), rms_norm(x, w["input_layernorm.weight"], eps))
    y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
    return np.asarray(x + np.array([mlp(w, "mlp", t) if dense else experts(c, w, t) for t in y]))


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Multi-head latent attention, its keys and values written out; pairs of neighbours are turned."""
    heads, rank = c["num_attention_heads"], c["kv_lora_rank"]
    eps = 1e-6  # of the latents' norms, whatever the config says
    plain, rope, wide = c["qk_nope_head_dim"], c["qk_rope_head_dim"], c["v_head_dim"]
    q = linear(rms_norm(linear(x, w, "q_a_proj"), w["q_a_layernorm.weight"], eps), w, "q_b_proj")
    q = q.reshape(len(x), heads, plain + rope)
    down = linear(x, w, "kv_a_proj_with_mqa")
    kv = linear(rms_norm(down[:, :rank], w["kv_a_layernorm.weight"], eps), w, "kv_b_proj")
    kv = kv.reshape(len(x), heads, plain + wide)
    frequencies = 1 / c["rope_theta"] ** (np.arange(0, rope, 2) / rope)
    for t in range(len(x)):
        down[t, rank:] = paired(down[t, rank:], t * frequencies)
        for h in range(heads):
            q[t, h, plain:] = paired(q[t, h, plain:], t * frequencies)
    made = attended(
        lambda t, h: q[t, h],
        lambda t, h: np.concatenate([kv[t, h, :plain], down[t, rank:]]),
        lambda t, h: kv[t, h, plain:],
        (len(x), heads),
        (plain + rope) ** -0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def paired(x: Array, angles: Array) -> Array:
    """Neighbours as complex numbers, turned."""
    turned = (x[::2] + 1j * x[1::2]) * np.exp(1j * angles)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(-1)


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The best few of the best groups, and the shared one."""
    each = sigmoid(linear(x, w, "mlp.gate"))
    balance = w["mlp.gate.e_score_correction_bias"]
    best = chosen(each, balance, c["num_experts_per_tok"], c["n_group"], c["topk_group"])
    share = shares(each, best, c["norm_topk_prob"], c["routed_scaling_factor"])
    routed = sum(s * mlp(w, f"mlp.experts.{e}", x) for s, e in zip(share, best, strict=True))
    return np.asarray(routed + mlp(w, "mlp.shared_experts", x))
