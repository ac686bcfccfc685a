"""Mamba-2: a selective state space whose decay is one number a head. Paper: https://arxiv.org/abs/2405.21060"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, scaled, softplus
from llm_gallery.mechanisms.forward.activations import activation, silu


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are the state and the last inputs of the convolution."""
    act = activation(b.activation)
    x = scaled(x, b.input_scale)
    of_gate, of_x, of_b, of_c, of_step = b.scales or [None] * 5
    streams = scaled(w.x(x), of_x), scaled(w.B(x), of_b), scaled(w.C(x), of_c)
    mixed = np.concatenate(streams, axis=-1)
    mixed, inputs = w.convolution(mixed, past.get("inputs"))
    inner = b.heads * b.head_dim
    u, B, C = np.split(act(mixed), [inner, inner + b.groups * b.state_dim], axis=-1)
    u = u.reshape(len(x), b.heads, b.head_dim)
    B, C = (
        one.reshape(len(x), b.groups, b.state_dim).repeat(b.heads // b.groups, axis=1)
        for one in (B, C)
    )
    step = softplus(scaled(w.step(x), of_step) + w.step_bias)  # (T, heads)
    decay = np.exp(-np.exp(w.decay) * step)
    state = past.get("state", np.zeros((b.heads, b.head_dim, b.state_dim), x.dtype))
    y = np.empty_like(u)
    for t in range(len(x)):
        written = np.einsum("hd,hs->hds", step[t, :, None] * u[t], B[t])
        state = decay[t, :, None, None] * state + written
        y[t] = np.einsum("hds,hs->hd", state, C[t])
    y = y + w.skip[:, None] * u
    y, gate = y.reshape(len(x), -1), silu(scaled(w.gate(x), of_gate))
    y = normed(b, w, y) * gate if b.norm_first else normed(b, w, y * gate)
    return scaled(w.output(y), b.output_scale), {"state": state, "inputs": inputs}


def normed(b: Numbers, w: Weights, y: Array) -> Array:
    """What was read of the state, normed as a whole or in groups of heads."""
    if w.output_norm is None:
        return y
    scale, eps = w.output_norm.w.weight, w.output_norm.b.eps
    groups = y.reshape(len(y), b.norm_groups or 1, -1)
    groups = groups / np.sqrt(np.mean(groups**2, axis=-1, keepdims=True) + eps)
    return np.asarray(groups.reshape(y.shape) * scale)
