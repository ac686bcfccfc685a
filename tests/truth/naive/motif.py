"""Motif 3, naively.

After the authors' vLLM, vllm/model_executor/models/motif.py of
https://github.com/MotifTechnologies/vllm-motif3-v0.26.0, which follows their training code (a copy and its
motif_docs.md: https://github.com/HelloKS/vllm), and Tenstorrent's reference, which equals the release's own
modeling_motif.py bit by bit (models/demos/motif3/reference/modules.py of tt-metal).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log, pi

import numpy as np

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
    softmax,
    turned,
)

OWN_EPS = 1e-6
"""Of the connections' norms and the polynomials, whatever the config says."""


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    body, eps = Below(weights, "model"), c["rms_norm_eps"]
    x = body["embed_tokens.weight"][list(tokens)]
    if c["mhc_enabled"]:
        x = np.stack([x] * c["mhc_expansion_rate"], axis=1)
    for layer in range(c["num_hidden_layers"]):
        w = Below(body, f"layers.{layer}")

        def attends(y: Array, w: Weights = w, layer: int = layer) -> Array:
            y = rms_norm(y, w["input_layernorm.weight"], eps)
            return attention(c, Below(w, "self_attn"), y, layer)

        def thinks(y: Array, w: Weights = w, layer: int = layer) -> Array:
            y = rms_norm(y, w["post_attention_layernorm.weight"], eps)
            if layer < c["n_dense_first_layers"]:
                return mlp(c, Below(w, "mlp"), y, scale(c, layer))
            return experts(c, Below(w, "moe"), y, scale(c, layer))

        if c["mhc_enabled"]:
            x = connected(c, Below(w, "mhc_attn"), x, attends)
            x = connected(c, Below(w, "mhc_ffn"), x, thinks)
        else:
            x = x + attends(x)
            x = x + thinks(x)
    if c["mhc_enabled"]:
        x = x.mean(1)
    return linear(rms_norm(x, body["norm.weight"], eps), weights, "lm_head")


def connected(c: Config, w: Weights, x: Array, branch: Callable[[Array], Array]) -> Array:
    """Four streams: what a branch reads of them, how they mix beside it, and what it adds to each."""
    tokens, n, width = x.shape
    read, write, mixed = np.zeros((tokens, width)), np.zeros((tokens, n)), np.zeros_like(x)
    for t in range(tokens):
        z = rms_norm(x[t].reshape(-1), w["rms_norm.weight"], OWN_EPS)
        before, after, across = (
            w[f"alpha_{one}"] * linear(z, w, f"proj_{one}") for one in ("pre", "post", "res")
        )
        share = sigmoid(np.clip(before + w["bias_pre"], -10, 10))
        read[t] = sum(share[i] * x[t, i] for i in range(n))
        most = 1 + c.get("mhc_h_post_alpha_end", 0.0)
        write[t] = most * sigmoid(np.clip(after + w["bias_post"], -10, 10))
        m = np.exp(np.clip(across.reshape(n, n) + w["bias_res"], -20, 20))
        for _ in range(c["mhc_sinkhorn_iters"]):
            for i in range(n):
                m[i] = m[i] / max(m[i].sum(), 1e-8)
            for j in range(n):
                m[:, j] = m[:, j] / max(m[:, j].sum(), 1e-8)
        mixed[t] = [sum(m[i, j] * x[t, j] for j in range(n)) for i in range(n)]
    return np.asarray(mixed + write[:, :, None] * branch(read)[:, None])


def attention(c: Config, w: Weights, x: Array, layer: int) -> Array:
    """Groups of heads that share a key; of each group the last head's output is taken off the others'."""
    heads, keys, groups = c["num_attention_heads"], c["num_key_value_heads"], c["num_noise_heads"]
    rotated, dim = c["qk_rope_head_dim"], c["v_head_dim"]
    plain = c["head_dim"] - rotated
    local = c["use_sliding_window"] and layer % c["sliding_window_period"] != 0
    frequencies = 1 / c["swa_rope_theta"] ** (np.arange(0, rotated, 2) / rotated)
    scale_of_scores = c["head_dim"] ** -0.5
    if not local:
        frequencies = lengthened(c, rotated)
        if c["max_position_embeddings"] > c["original_seq_len"]:
            scale_of_scores *= (0.1 * c["mscale"] * log(c["rope_factor"]) + 1) ** 2
    asking = rms_norm(linear(x, w, "wq_a"), w["q_norm.weight"], c["rms_norm_eps"])
    q = linear(asking, w, "wq_b").reshape(len(x), heads, -1)
    both = linear(x, w, "wkv_a")
    latent = rms_norm(both[:, : c["kv_lora_rank"]], w["kv_norm.weight"], c["rms_norm_eps"])
    of_all = [turned(k, t, frequencies) for t, k in enumerate(both[:, c["kv_lora_rank"] :])]
    kv = linear(latent, w, "wkv_b").reshape(len(x), keys, plain + dim)
    each = heads // keys
    o = attended(
        lambda t, h: np.concatenate([q[t, h, :plain], turned(q[t, h, plain:], t, frequencies)]),
        lambda s, h: np.concatenate([kv[s, h // each, :plain], of_all[s]]),
        lambda s, h: kv[s, h // each, plain:],
        (len(x), heads),
        scale_of_scores,
        c["sliding_window"] + 1 if local else None,
    )
    much = sigmoid(linear(x, w, "lambda_proj"))
    size = heads // groups
    left: list[Array] = []
    for g in range(groups):
        noise = o[:, g * size + size - 1]
        for j in range(size - 1):
            left.append(o[:, g * size + j] - much[:, [len(left)]] * noise)
    signal = np.concatenate(left, axis=1)
    if c["elementwise_attn_output_gate"]:
        signal = signal * sigmoid(linear(asking, w, "wq_b_gate"))
    return linear(signal, w, "wo")


def lengthened(c: Config, dim: int) -> Array:
    """YaRN's frequencies: https://arxiv.org/abs/2309.00071, section 3.2."""
    held = c["rope_scaling"]
    base, old = held["rope_theta"], held["original_max_position_embeddings"]

    def pair(turns: float) -> float:
        return dim * log(old / (turns * 2 * pi)) / (2 * log(base))

    first = max(floor(pair(held["beta_fast"])), 0)
    last = min(ceil(pair(held["beta_slow"])), dim - 1)
    made = []
    for i in range(dim // 2):
        plain = base ** (-2 * i / dim)
        ramp = min(max((i - first) / (last - first), 0), 1)
        made.append(ramp * plain / held["factor"] + (1 - ramp) * plain)
    return np.array(made)


def scale(c: Config, layer: int) -> float:
    """What a layer's polynomials are multiplied by."""
    own = (c.get("polynorm_output_scale_per_layer") or {}).get(str(layer))
    return float(c["polynorm_output_scale"] if own is None else own)


def polynomial(x: Array, weight: Array, bias: Array) -> Array:
    """PolyNorm, the cube first."""
    share = sigmoid(weight)
    powers = [rms_norm(x**power, 1.0, OWN_EPS) for power in (3, 2, 1)]
    return np.asarray(sum(s * p for s, p in zip(share, powers, strict=True)) + bias)


def mlp(c: Config, w: Weights, x: Array, times: float) -> Array:
    """Of all tokens."""
    most = c["hidden_clamp"]
    gate, up = (np.clip(linear(x, w, f"{one}_proj"), -most, most) for one in ("gate", "up"))
    y = polynomial(gate, w["act_fn.weight"], w["act_fn.bias"]) * up * times
    return linear(y, w, "down_proj")


def experts(c: Config, w: Weights, x: Array, times: float) -> Array:
    """Those that a router chose, with polynomials of their own, and one that all tokens run."""
    most, of_bias, inner = c["hidden_clamp"], c["polynorm_bias_clamp"], c["moe_intermediate_size"]
    made = mlp(c, Below(w, "shared_experts"), x, times) if c["num_shared_experts"] else 0 * x
    for t in range(len(x)):
        logits = linear(x[t], w, "router.gate")
        each = sigmoid(logits) if c["score_func"] == "sigmoid" else softmax(logits)
        balance = w["expert_bias"] if c["load_balance_coeff"] is not None else np.zeros(len(each))
        few = chosen(each, balance, c["experts_top_k"], 1, 1)
        much = shares(each, few, c["route_norm"], c["route_scale"])
        for share, e in zip(much, few, strict=True):
            both = np.clip(w["experts.gate_up_proj"][e] @ x[t], -most, most)
            bias = np.clip(w["experts.act_fn.bias"][e], -of_bias, of_bias)
            y = polynomial(both[:inner], w["experts.act_fn.weight"][e], bias) * both[inner:]
            made[t] += share * (w["experts.down_proj"][e] @ (np.clip(y, -most, most) * times))
    return made
