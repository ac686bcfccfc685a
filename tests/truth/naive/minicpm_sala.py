"""MiniCPM-SALA and MiniCPM4, naively, after a copy of the release's file and the kernels that it calls.

modeling_minicpm_sala.py of https://huggingface.co/openbmb/MiniCPM-SALA: which means are made, which layers are of which
kind. Which means a token scores, by what they are divided, how blocks are pooled and which are always read:
https://github.com/OpenBMB/infllmv2_cuda_impl, of csrc `apply_mask_stage1` (flash_attn/src/mask.h),
`compute_attn_1rowblock_splitkv_stage1` (flash_fwd_kernel.h) and max_pooling_1d.cuh. The recurrence of the other
layers: fla/ops/simple_gla of https://github.com/fla-org/flash-linear-attention.
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
    rms_norm,
    sigmoid,
    silu,
    softmax,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens of a text that is given whole, (tokens, vocabulary)."""
    eps, depth = c["rms_norm_eps"], c["num_hidden_layers"]
    kinds = c.get("mixer_types") or ["minicpm4"] * depth
    table = weights["model.embed_tokens.weight"]
    x, share = c["scale_emb"] * table[list(tokens)], c["scale_depth"] / np.sqrt(depth)
    for layer, kind in enumerate(kinds):
        w = Below(weights, f"model.layers.{layer}")
        y = rms_norm(x, w["input_layernorm.weight"], eps)
        mixer = attention if kind == "minicpm4" else lightning
        x = x + share * mixer(c, Below(w, "self_attn"), y)
        y = rms_norm(x, w["post_attention_layernorm.weight"], eps)
        inner = silu(linear(y, w, "mlp.gate_proj")) * linear(y, w, "mlp.up_proj")
        x = x + share * linear(inner, w, "mlp.down_proj")
    y = rms_norm(x, weights["model.norm.weight"], eps) * c["dim_model_base"] / c["hidden_size"]
    return np.asarray(y @ weights.get("lm_head.weight", table).T)


def frequencies(c: Config, dim: int) -> Array:
    return np.asarray(1 / c["rope_theta"] ** (np.arange(0, dim, 2) / dim))


def attention(c: Config, w: Weights, x: Array) -> Array:
    """Each token's heads over what their key's queries have chosen together."""
    heads, keys = c["num_attention_heads"], c["num_key_value_heads"]
    dim = c["hidden_size"] // heads
    q = linear(x, w, "q_proj").reshape(len(x), heads, dim)
    k = linear(x, w, "k_proj").reshape(len(x), keys, dim)
    v = linear(x, w, "v_proj").reshape(len(x), keys, dim)
    if c.get("attn_use_rope", True):
        angles = frequencies(c, dim)
        q, k = (
            np.array([[turned(one, t, angles) for one in each] for t, each in enumerate(part)])
            for part in (q, k)
        )
    each = heads // keys
    made = np.zeros((len(x), heads, dim))
    for t, g in np.ndindex(len(x), keys):
        queries = range(g * each, (g + 1) * each)
        read = [*range(t + 1)]
        if len(x) >= c["sparse_config"]["dense_len"]:
            blocks = chosen(c["sparse_config"], [q[t, h] for h in queries], k[:, g], t)
            read = [s for s in read if s // c["sparse_config"]["block_size"] in blocks]
        for h in queries:
            p = softmax(np.array([q[t, h] @ k[s, g] / np.sqrt(dim) for s in read]))
            made[t, h] = sum(one * v[s, g] for one, s in zip(p, read, strict=True))
    o = made.reshape(len(x), -1)
    if c.get("attn_use_output_gate", False):
        o = o * sigmoid(linear(x, w, "o_gate"))
    return linear(o, w, "o_proj")


def chosen(c: Config, queries: Sequence[Array], k: Array, t: int) -> set[int]:
    """Numbers of the blocks that the queries of one key read at position t of the text."""
    size, stride, local = c["block_size"], c["kernel_stride"], c["window_size"] // c["block_size"]
    fine, of_fine = means(k, c["kernel_size"], stride, t)
    coarse, of_coarse = means(k, 4 * c["kernel_size"], 4 * stride, t)
    total = np.zeros(len(fine))
    for query in queries:
        root = np.sqrt(len(query))
        divisor = sum(np.exp(query @ mean / root) for mean in coarse[:of_coarse])
        for j in range(of_fine):
            if divisor:  # what is divided by nothing counts as 0
                total[j] += np.exp(query @ fine[j] / root) / divisor
    count = -(-len(k) // size)
    block_scores = []
    for block in range(count):
        first, last = block * (size // stride) - 1, block * (size // stride) + size // stride
        pooled = total[max(first, 0) : last]
        score = pooled.max() if len(pooled) else -np.inf
        if block < c["init_blocks"] or block <= t // size <= block + local:
            score = np.inf
        block_scores.append(score)
    best = sorted(range(count), key=lambda block: -block_scores[block])[: c["topk"] + local]
    return {block for block in best if block <= t // size}


def means(k: Array, span: int, stride: int, t: int) -> tuple[list[Array], int]:
    """Means of so many keys from each stride on, all inside the text, and how many of them position t scores."""
    made = [k[s : s + span].mean(0) for s in range(0, len(k) - span + 1, stride)]
    # As the kernel counts: how many strides have ended, from the end of the text backwards.
    seen = (t + 1) // stride - 1 + len(made) - (len(k) - stride + 1) // stride
    return made, min(len(made), max(0, seen))


def lightning(c: Config, w: Weights, x: Array) -> Array:
    """One head's matrix after the other, each fading at its own rate."""
    heads, dim, eps = c["lightning_nh"], c["lightning_head_dim"], c["rms_norm_eps"]
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), heads, dim) for one in "qkv")
    if c["qk_norm"]:
        q, k = (rms_norm(one, w[f"{n}_norm.weight"], eps) for one, n in ((q, "q"), (k, "k")))
    angles = frequencies(c, dim)
    made = np.zeros_like(v)
    for h in range(heads):
        state, stays = np.zeros((dim, dim)), np.exp(-(2.0 ** (-8 * (h + 1) / heads)))
        for t in range(len(x)):
            query, key = q[t, h], k[t, h]
            if c["lightning_use_rope"]:
                query, key = turned(query, t, angles), turned(key, t, angles)
            state = stays * state + np.outer(key, v[t, h])
            made[t, h] = query @ state / np.sqrt(dim)
    o = rms_norm(made.reshape(len(x), -1), w["o_norm.weight"], eps)
    return linear(o * sigmoid(linear(x, w, "z_proj")), w, "o_proj")
