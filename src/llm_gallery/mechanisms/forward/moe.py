"""A mixture of experts: each token runs the few that its router chose.

Papers: https://arxiv.org/abs/1701.06538, https://arxiv.org/abs/2412.19437
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Weights,
    capped,
    scaled,
    sigmoid,
    softmax,
    softplus,
    unknown,
)
from llm_gallery.mechanisms.forward.sparsemixer import sparsemixer


def forward(b: Numbers, w: Weights, x: Array, beside: Array | None = None) -> Array:
    """x (T, width) to (T, width); `beside` is what else a router reads: the stream before the norm, the router's state, or the tokens (T,)."""
    scores = w.router(beside if b.router_norm or b.router_inner else x)
    if b.learned_scale:
        chosen, weights, of_shared = routed_beside_shared(b, w, scores)
    else:
        chosen, weights = routed(b, w, scores, beside)  # (T, used)
    read = w.latent_down(x) if b.latent else x
    if w.latent_down_norm is not None:
        read = w.latent_down_norm(read)
    y = expert_sum(b, w, read, chosen, weights)
    if b.passes_input:  # what runs no expert gives what it read
        y = y + (weights * (chosen >= b.experts)).sum(axis=-1, keepdims=True) * read
    if w.latent_norm is not None:
        y = w.latent_norm(y)
    if b.latent:
        y = w.latent_up(y)
    if w.bias is not None:
        y = y + w.bias
    if w.shared is None:
        return y
    if b.learned_scale:
        both = (of_shared[:, i, None] * w.shared[i](x) for i in range(b.shared))
        return np.asarray(y + sum(both))
    shared = w.shared(x)
    if b.combined == "shares":  # of the routed and of the shared, which sum to 1
        mixed = softmax(w.shared_gate(x))
        return np.asarray(mixed[:, :1] * y + mixed[:, 1:] * shared)
    if b.shared_gate:
        shared = shared * sigmoid(w.shared_gate(x))
    return np.asarray((y + shared) / 2 if b.combined == "average" else y + shared)


def expert_sum(b: Numbers, w: Weights, x: Array, chosen: Array, weights: Array) -> Array:
    """The outputs of the experts that each token of x (T, width) chose, times its weights of them, summed."""
    y, experts = np.zeros_like(x), w.experts
    ran = chosen[chosen < b.experts] if b.identity_experts else chosen
    for expert in np.unique(ran):
        token, place = np.nonzero(chosen == expert)
        weight = weights[token, place, None]
        if w.expert_norm is not None:  # one for all
            y[token] += weight * w.expert_norm(experts[expert](x[token]))
        elif b.weights_input:
            y[token] += experts[expert](weight * x[token])
        else:
            y[token] += weight * experts[expert](x[token])
    return y


def sqrt_softplus(x: Array) -> Array:
    """The root of a softplus: never 0, and growing ever slower."""
    return np.asarray(np.sqrt(softplus(x)))


SCORING = {"softmax": softmax, "sigmoid": sigmoid, "sqrtsoftplus": sqrt_softplus}
"""What makes shares of a router's scores."""


def routed(
    b: Numbers, w: Weights, scores: Array, tokens: Array | None = None
) -> tuple[Array, Array]:
    """Which experts a token runs, and the weight of each: (T, used)."""
    scores = scaled(scores, b.score_scale)
    if b.softcap:
        scores = capped(scores, b.softcap)
    if b.scoring not in SCORING:
        raise unknown("a router's scoring", b.scoring)
    if b.sparsemixer is not None:
        return sparsemixer(scores, b.used, b.sparsemixer)
    p = SCORING[b.scoring](scores)
    wanted = scores if b.chosen_by == "logits" else p
    choice = wanted
    if b.correction and w.router.w.correction.ndim > 1:  # the second row is of pictures' experts
        choice = wanted + w.router.w.correction[0]
    elif b.correction:
        choice = wanted + w.router.w.correction
    if b.groups and b.groups_used < b.groups:
        choice = within_groups(b, choice)
    if b.hashed:
        chosen = w.router.w.table[tokens].astype(np.int64)[:, : b.used]
    else:
        chosen = np.argsort(-choice, axis=-1, kind="stable")[:, : b.used]
    weights = np.take_along_axis(p, chosen, axis=-1)
    if b.normalized:
        total = weights.sum(axis=-1, keepdims=True)
        weights = weights / (total if b.share_eps is None else total + b.share_eps)
    if b.expert_scale:
        weights = weights * w.router.w.expert_scale[chosen]
    return chosen, scaled(weights, b.scale)


def routed_beside_shared(b: Numbers, w: Weights, scores: Array) -> tuple[Array, Array, Array]:
    """Inkling's: chosen and shared experts together have shares that sum to a learned number, times the scale."""
    p = SCORING[b.scoring](scores)
    own, shared = p[:, : b.experts], p[:, b.experts :]
    choice = own + w.router.w.correction if b.correction else own
    chosen = np.argsort(-choice, axis=-1, kind="stable")[:, : b.used]
    weights = np.concatenate([np.take_along_axis(own, chosen, axis=-1), shared], axis=-1)
    if b.normalized:
        weights = weights / weights.sum(axis=-1, keepdims=True)
    weights = scaled(weights, b.scale) * w.router.w.share_scale
    return chosen, weights[:, : b.used], weights[:, b.used :]


def within_groups(b: Numbers, choice: Array) -> Array:
    """The choice with nothing but the best groups left, each as good as its best experts together."""
    groups = choice.reshape(len(choice), b.groups, -1)
    few = b.group_best or 2
    best = np.sort(groups, axis=-1)[..., -few:].sum(axis=-1)  # (T, groups)
    order = np.argsort(-best, axis=-1, kind="stable")[:, : b.groups_used]
    left = np.zeros(best.shape, bool)
    np.put_along_axis(left, order, True, axis=-1)
    if b.left_out is not None:  # what is left out counts as so much, not as less than all
        return np.where(left[..., None], groups, b.left_out).reshape(choice.shape)
    return np.where(left[..., None], groups, -np.inf).reshape(choice.shape)
