"""Kimi K3, naively.

After the release's own https://huggingface.co/moonshotai/Kimi-K3/blob/main/modeling_kimi_linear.py, of which
https://github.com/TOOLS-droid724/Vedika-5.6-PRO/blob/main/modeling_kimi_linear.py is a copy, and
https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/kimi_k3.py.
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
    chosen,
    delta_attention,
    linear,
    rms_norm,
    shares,
    sigmoid,
    softmax,
)

LATENT_EPS = 1e-6
"""Of the norms of both latents, whatever the config says."""


def scores(config: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    c, body = config["text_config"], Below(weights, "language_model.model")
    eps, every = c["rms_norm_eps"], c["attn_res_block_size"]
    saved: list[Array] = []
    running = body["embed_tokens.weight"][list(tokens)]
    for layer in range(c["num_hidden_layers"]):
        w = Below(body, f"layers.{layer}")
        x = of_sums(w, "self_attention", saved, running, eps) if saved else running
        full = layer + 1 in c["linear_attn_config"]["full_attn_layers"]
        y = (attention if full else delta)(
            c, Below(w, "self_attn"), rms_norm(x, w["input_layernorm.weight"], eps)
        )
        if layer % every == 0:
            saved.append(running)
            running = y
        else:
            running = running + y
        x = of_sums(w, "mlp", saved, running, eps)
        x = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        if layer < c["first_k_dense_replace"]:
            running = running + mlp(c, Below(w, "mlp"), x, ("gate_proj", "up_proj", "down_proj"))
        else:
            running = running + experts(c, Below(w, "block_sparse_moe"), x)
    x = of_sums(body, "output_attn", saved, running, eps)
    return linear(rms_norm(x, body["norm.weight"], eps), weights, "language_model.lm_head")


def of_sums(w: Weights, name: str, saved: Sequence[Array], running: Array, eps: float) -> Array:
    """What a branch reads: a softmax over the sums so far, scored by how well each, normed, fits one vector."""
    made = np.zeros_like(running)
    for t in range(len(running)):
        sums = [one[t] for one in (*saved, running)]
        normed = [rms_norm(one, w[f"{name}_res_norm.weight"], eps) for one in sums]
        p = softmax(np.array([w[f"{name}_res_proj.weight"][0] @ one for one in normed]))
        made[t] = sum(share * one for share, one in zip(p, sums, strict=True))
    return made


def delta(c: Config, w: Weights, x: Array) -> Array:
    """Decays have a floor."""
    held = c["linear_attn_config"]
    return delta_attention(
        x,
        w,
        (held["num_heads"], held["head_dim"]),
        c["rms_norm_eps"],
        floor=held["gate_lower_bound"],
    )


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Latent attention without positions, each channel of its heads times a gate."""
    heads, nope, shared, dim = (
        c["num_attention_heads"], c["qk_nope_head_dim"], c["qk_rope_head_dim"], c["v_head_dim"],
    )  # fmt: skip
    if c["q_lora_rank"] is None:
        q = linear(x, w, "q_proj")
    else:
        q = rms_norm(linear(x, w, "q_a_proj"), w["q_a_layernorm.weight"], LATENT_EPS)
        q = linear(q, w, "q_b_proj")
    q = q.reshape(len(x), heads, nope + shared)
    both = linear(x, w, "kv_a_proj_with_mqa")
    latent = rms_norm(both[:, : c["kv_lora_rank"]], w["kv_a_layernorm.weight"], LATENT_EPS)
    of_all = both[:, c["kv_lora_rank"] :]
    kv = linear(latent, w, "kv_b_proj").reshape(len(x), heads, nope + dim)
    o = attended(
        lambda t, h: q[t, h],
        lambda s, h: np.concatenate([kv[s, h, :nope], of_all[s]]),
        lambda s, h: kv[s, h, nope:],
        (len(x), heads),
        (nope + shared) ** -0.5,
    ).reshape(len(x), -1)
    if c["mla_use_output_gate"]:
        o = o * sigmoid(linear(x, w, "g_proj"))
    return linear(o, w, "o_proj")


def experts(c: Config, w: Weights, x: Array) -> Array:
    """The chosen ones work in a latent of the stream; the shared ones, one wide MLP, on the stream."""
    made = np.zeros_like(x)
    for t in range(len(x)):
        each = sigmoid(linear(x[t], w, "gate"))
        few = chosen(
            each,
            w["gate.e_score_correction_bias"],
            c["num_experts_per_token"],
            c["num_expert_group"],
            c["topk_group"],
        )
        normalized = c["moe_renormalize"] and len(few) > 1
        much = shares(each, few, normalized, c["routed_scaling_factor"])
        narrow = linear(x[t], w, "routed_expert_down_proj")
        y = sum(
            share * mlp(c, Below(w, f"experts.{e}"), narrow, ("w1", "w3", "w2"))
            for share, e in zip(much, few, strict=True)
        )
        if c["latent_moe_use_norm"]:
            y = rms_norm(y, w["routed_expert_norm.weight"], c["rms_norm_eps"])
        made[t] = linear(y, w, "routed_expert_up_proj")
    wide = mlp(c, Below(w, "shared_experts"), x, ("gate_proj", "up_proj", "down_proj"))
    return made + wide


def mlp(c: Config, w: Weights, x: Array, names: tuple[str, str, str]) -> Array:
    """SiTU: the gate bent by a tanh, times its sigmoid, times up, bent too."""
    beta, of_up = c["activation_situ_beta"], c["activation_situ_linear_beta"]
    gate, up = (linear(x, w, name) for name in names[:2])
    y = beta * np.tanh(gate / beta) * sigmoid(gate) * of_up * np.tanh(up / of_up)
    return linear(y, w, names[2])
