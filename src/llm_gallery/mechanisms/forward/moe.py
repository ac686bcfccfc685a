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
    unknown,
)
from llm_gallery.mechanisms.forward.sparsemixer import sparsemixer


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (T, width) to (T, width)."""
    chosen, share = routed(b, w, w.router(x))  # (T, used)
    read = w.latent_down(x) if b.latent else x
    y = np.zeros_like(read)
    for expert in np.unique(chosen):
        token, place = np.nonzero(chosen == expert)
        much = share[token, place, None]
        if b.weights_input:
            y[token] += w.experts[expert](much * read[token])
        else:
            y[token] += much * w.experts[expert](read[token])
    if b.latent:
        y = w.latent_up(y)
    if w.shared is None:
        return y
    shared = w.shared(x)
    if b.shared_gate:
        shared = shared * sigmoid(w.shared_gate(x))
    return np.asarray((y + shared) / 2 if b.combined == "average" else y + shared)


def routed(b: Numbers, w: Weights, scores: Array) -> tuple[Array, Array]:
    """Which experts a token runs, and how much of each: (T, used)."""
    if b.softcap:
        scores = capped(scores, b.softcap)
    if b.scoring not in ("softmax", "sigmoid"):
        raise unknown("a router's scoring", b.scoring)
    if b.sparsemixer is not None:
        return sparsemixer(scores, b.used, b.sparsemixer)
    p = softmax(scores) if b.scoring == "softmax" else sigmoid(scores)
    choice = p + w.router.w.correction.reshape(-1) if b.correction else p
    if b.groups and b.groups_used < b.groups:
        choice = within_groups(b, choice)
    chosen = np.argsort(-choice, axis=-1, kind="stable")[:, : b.used]
    share = np.take_along_axis(p, chosen, axis=-1)
    if b.normalized:
        total = share.sum(axis=-1, keepdims=True)
        share = share / (total if b.share_eps is None else total + b.share_eps)
    return chosen, scaled(share, b.scale)


def within_groups(b: Numbers, choice: Array) -> Array:
    """The choice with nothing but the best groups left, each as good as its best experts together."""
    groups = choice.reshape(len(choice), b.groups, -1)
    few = b.group_best or 2
    best = np.sort(groups, axis=-1)[..., -few:].sum(axis=-1)  # (T, groups)
    order = np.argsort(-best, axis=-1, kind="stable")[:, : b.groups_used]
    left = np.zeros(best.shape, bool)
    np.put_along_axis(left, order, True, axis=-1)
    return np.where(left[..., None], groups, -np.inf).reshape(choice.shape)
