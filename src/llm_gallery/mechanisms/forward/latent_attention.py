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
    extended,
    scaled,
    sigmoid,
)
from llm_gallery.mechanisms.forward.attention import gate_logits, gated
from llm_gallery.mechanisms.forward.rotation import rope
from llm_gallery.mechanisms.forward.scores import (
    in_reach,
    masked_softmax,
    softmax_with_sinks,
    temperature,
    trimmed,
)


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the latents (tokens, rank) and a rotated key for all heads."""
    if b.query_of_both:  # the latent normed, and beside it as it is
        plain = w.query_down(x)
        q_latent = w.query_latent_norm(plain)
        both = np.concatenate([q_latent, plain], axis=-1)
    else:
        q_latent = x if b.query_rank is None else w.query_latent_norm(w.query_down(x))
        q_latent = scaled(q_latent, b.query_latent_scale)
    q = w.query(both if b.query_of_both else q_latent).reshape(len(x), b.heads, -1)
    if b.learned_temperature:
        q = w.position_scale(q, positions)
    q_nope, q_rope = q[..., : b.nope_dim], q[..., b.nope_dim :]
    if b.shared_kv:  # an earlier layer's
        if b.position == "rope":
            q_rope = rope(b, q_rope, positions, w.speeds)
        latent, k_rope, cache = past["latents"], past["rotated_keys"], {}
    else:
        k_rope = w.rotated_key(x)[:, None]  # (T, 1, rope_dim)
        if w.rotated_key_norm is not None:
            k_rope = w.rotated_key_norm(k_rope)
        if b.position == "rope":
            q_rope, k_rope = (
                rope(b, q_rope, positions, w.speeds),
                rope(b, k_rope, positions, w.speeds),
            )
        latent = scaled(w.latent_norm(w.latent_down(x)), b.latent_scale)  # (T, rank)
        latent = extended(past, "latents", latent)  # (S, rank)
        k_rope = extended(past, "rotated_keys", k_rope[:, 0])  # (S, rope_dim)
        cache = {"latents": trimmed(b, latent), "rotated_keys": trimmed(b, k_rope)}
    latent, k_rope = in_reach(b, latent, positions), in_reach(b, k_rope, positions)
    if b.shared_index:  # an earlier layer's choice of the tokens that are seen, (T, S)
        chosen = past["chosen"]
    elif b.selected:
        chosen, index = w.indexer(x, q_latent, past, positions, b.selected)
        cache |= index
    k = w.key(latent).reshape(len(latent), b.kv_heads or b.heads, b.nope_dim)
    v = w.value(latent).reshape(len(latent), b.kv_heads or b.heads, b.value_dim)
    if b.kv_heads:
        k, v = (np.repeat(one, b.heads // b.kv_heads, axis=1) for one in (k, v))
    if b.selected:
        of_any = chosen.any(axis=0)
        k, k_rope, v = k[of_any], k_rope[of_any], v[of_any]
    scores = np.einsum("thd,shd->hts", q_nope, k) + np.einsum("thd,sd->hts", q_rope, k_rope)
    scores = scaled(scores / (b.nope_dim + b.rope_dim) ** 0.5, b.score_scale)
    if b.temperature_tuning:
        scores = scores * temperature(b, positions)[:, None].astype(x.dtype)
    if b.selected:
        p = softmax_with_sinks(b, w, np.where(chosen[:, of_any], scores, -np.inf))
    else:
        p = masked_softmax(b, w, scores, positions)
    o = less_noise(b, w, x, np.einsum("hts,shd->thd", p, v))
    if b.gate is not None:
        of = both if b.query_of_both else q_latent if b.gate_of_latent else x
        o = gated(b, gate_logits(b, w, of), o)
    o = o.reshape(len(x), -1)
    if b.lends:  # later layers see the same tokens
        cache["chosen"] = chosen
    return w.output(o), cache


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
