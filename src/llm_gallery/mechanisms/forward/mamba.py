"""Mamba: a selective state space with a decay for each channel and state. Paper: https://arxiv.org/abs/2312.00752"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, softplus
from llm_gallery.mechanisms.forward.activations import activation, silu


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state (inner, state_dim) and the last inputs of the convolution."""
    act = activation(b.activation)
    u, inputs = w.convolution(w.x(x), past.get("inputs"))
    u = act(u)
    A = -np.exp(w.decay)
    skip = w.skip
    if b.heads:
        step, B, C = of_heads(b, w, u)
        A, skip = A.reshape(b.inner, -1), skip.reshape(-1)
    else:
        step, B, C = w.step_down(u), w.B(u), w.C(u)
        if w.B_norm is not None:
            step, B, C = w.step_norm(step), w.B_norm(B), w.C_norm(C)
        step = softplus(w.step(step) if w.step_bias is None else w.step(step) + w.step_bias)
    if b.step_heads:  # one step, one decay for all channels of a head
        step, A, skip = (one.repeat(b.inner // b.step_heads, axis=-1) for one in (step, A, skip))
        A = A[:, None]
    state = past.get("state", np.zeros((b.inner, b.state_dim), x.dtype))
    y = np.empty_like(u)
    for t in range(len(x)):
        if b.heads:
            written = np.einsum("d,ds->ds", step[t] * u[t], B[t])
        else:
            written = np.einsum("d,s->ds", step[t] * u[t], B[t])
        state = np.exp(step[t, :, None] * A) * state + written
        if b.heads:
            y[t] = np.einsum("ds,ds->d", state, C[t])
        else:
            y[t] = np.einsum("ds,s->d", state, C[t])
    y = y + skip * u
    cache = {"state": state, "inputs": inputs}
    if b.lends_memory:  # later layers gate what was read, each by itself
        cache["memory"] = y
    return w.output(y * silu(w.gate(x))), cache


def of_heads(b: Numbers, w: Weights, u: Array) -> tuple[Array, Array, Array]:
    """Step (T, inner), B and C (T, inner, state_dim), of which each head chooses its channels' own from u (T, inner)."""
    each = u.reshape(len(u), b.heads, -1).swapaxes(0, 1)  # (heads, T, channels)
    chosen = each @ w.step_down.swapaxes(1, 2)
    down, B, C = np.split(chosen, [b.step_rank, b.step_rank + b.state_dim], axis=-1)
    step = softplus(down @ w.step.swapaxes(1, 2) + w.step_bias[:, None])
    step = step.swapaxes(0, 1).reshape(len(u), -1)
    B, C = (one.swapaxes(0, 1).repeat(each.shape[-1], axis=1) for one in (B, C))
    return step, B, C
