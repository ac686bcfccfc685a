"""Multi-head latent attention: keys and values of all heads are made of one latent, which is what is kept.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    kept,
    scaled,
    sigmoid,
)
from llm_gallery.mechanisms.forward.attention import gated
from llm_gallery.mechanisms.forward.rotation import turned
from llm_gallery.mechanisms.forward.scores import attended, forgotten, reached, shares, temperature


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the latents (tokens, rank) and a rotated key for all heads."""
    if b.query_of_both:  # the latent normed, and beside it as it is
        plain = w.query_down(x)
        asking = w.query_latent_norm(plain)
        both = np.concatenate([asking, plain], axis=-1)
    else:
        asking = x if b.query_rank is None else w.query_latent_norm(w.query_down(x))
        asking = scaled(asking, b.query_latent_scale)
    q = w.query(both if b.query_of_both else asking).reshape(len(x), b.heads, -1)
    if b.learned_temperature:
        q = w.position_scale(q, positions)
    q_plain, q_turned = q[..., : b.nope_dim], q[..., b.nope_dim :]
    if b.shared_kv:  # an earlier layer's
        if b.position == "rope":
            q_turned = turned(b, q_turned, positions, w.speeds)
        latent, k_turned, now = past["latents"], past["rotated_keys"], {}
    else:
        k_turned = w.rotated_key(x)[:, None]  # (T, 1, rope_dim)
        if w.rotated_key_norm is not None:
            k_turned = w.rotated_key_norm(k_turned)
        if b.position == "rope":
            q_turned, k_turned = (
                turned(b, q_turned, positions, w.speeds),
                turned(b, k_turned, positions, w.speeds),
            )
        latent = scaled(w.latent_norm(w.latent_down(x)), b.latent_scale)  # (T, rank)
        latent = kept(past, "latents", latent)  # (S, rank)
        k_turned = kept(past, "rotated_keys", k_turned[:, 0])  # (S, rope_dim)
        now = {"latents": forgotten(b, latent), "rotated_keys": forgotten(b, k_turned)}
    latent, k_turned = reached(b, latent, positions), reached(b, k_turned, positions)
    if b.shared_index:  # an earlier layer's choice of the tokens that are seen, (T, S)
        chosen = past["chosen"]
    elif b.selected:
        chosen, index = w.indexer(x, asking, past, positions, b.selected)
        now |= index
    k = w.key(latent).reshape(len(latent), b.kv_heads or b.heads, b.nope_dim)
    v = w.value(latent).reshape(len(latent), b.kv_heads or b.heads, b.value_dim)
    if b.kv_heads:
        k, v = (np.repeat(one, b.heads // b.kv_heads, axis=1) for one in (k, v))
    if b.selected:
        of_any = chosen.any(axis=0)
        k, k_turned, v = k[of_any], k_turned[of_any], v[of_any]
    scores = np.einsum("thd,shd->hts", q_plain, k) + np.einsum("thd,sd->hts", q_turned, k_turned)
    scores = scaled(scores / (b.nope_dim + b.rope_dim) ** 0.5, b.score_scale)
    if b.temperature_tuning:
        scores = scores * temperature(b, positions)[:, None].astype(x.dtype)
    if b.selected:
        p = shares(b, w, np.where(chosen[:, of_any], scores, -np.inf))
    else:
        p = attended(b, w, scores, positions)
    reads = both if b.query_of_both else asking if b.gate_of_latent else x
    o = gated(b, w, reads, less_noise(b, w, x, np.einsum("hts,shd->thd", p, v))).reshape(len(x), -1)
    if b.lends:  # later layers see the same tokens
        now["chosen"] = chosen
    return w.output(o), now


def less_noise(b: Numbers, w: Weights, x: Array, o: Array) -> Array:
    """The outputs o (T, heads, channels) of each group but its last one, less a share of that.

    Paper: https://arxiv.org/abs/2410.05258
    """
    if not b.noise_heads:
        return o
    groups = o.reshape(len(x), b.noise_heads, -1, b.value_dim)
    share = sigmoid(w.noise_share(x)).reshape(len(x), b.noise_heads, -1, 1)
    signal = groups[:, :, :-1] - share * groups[:, :, -1:]
    return np.asarray(signal.reshape(len(x), -1, b.value_dim))
