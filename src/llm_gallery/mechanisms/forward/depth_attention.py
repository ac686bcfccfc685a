"""Attention residuals: a branch reads a mean of the sums of earlier layers' branches, weighted by how well each fits.

Report: https://github.com/MoonshotAI/Kimi-K3/blob/main/k3_tech_report.pdf
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softmax


def mean_of_sums(b: Numbers, w: Weights, x: Array) -> Array:
    """Sums x (T, sums, width), of which the last one grows, to what a branch reads, (T, width)."""
    if b.latest is not None:  # nothing was summed before
        return x[:, -1] if b.latest == 1 else np.repeat(x[:, -1:], b.latest, axis=1)
    if b.of_normed:  # in global layers for q, k and v each, (T, 3, width)
        return of_normed(w, x)
    score = w.linear(w.rms_norm(x))[..., 0]  # (T, sums)
    share = softmax(score)
    return np.asarray((share[..., None] * x).sum(axis=1))


def of_normed(w: Weights, x: Array) -> Array:
    """The same where the sums are normed first, and the mean is of those (Inkling 2)."""
    x = w.rms_norm(x)
    score = w.linear(x) / x.shape[-1] ** 0.5
    if score.ndim == 2:  # one learned query
        share = softmax(score)
        return np.asarray((share[..., None] * x).sum(axis=1))
    share = softmax(np.swapaxes(score, 1, 2))  # (T, queries, sums)
    return np.asarray((share[..., None] * x[:, None]).sum(axis=2))


def added_to_last(x: Array, y: Array) -> Array:
    """The sums (T, sums, width) with what a branch gave, y (T, width), added to the last one."""
    return np.concatenate([x[:, :-1], x[:, -1:] + y[:, None]], axis=1)


def new_sum(x: Array, y: Array) -> Array:
    """The sums (T, sums, width), and after them a new one of what a branch gave, y (T, width)."""
    return np.concatenate([x, y[:, None]], axis=1)
