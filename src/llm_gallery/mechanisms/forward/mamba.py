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
    step, B, C = softplus(w.step(w.step_down(u))), w.B(u), w.C(u)
    A = -np.exp(w.decay)
    state = past.get("state", np.zeros((b.inner, b.state_dim), x.dtype))
    y = np.empty_like(u)
    for t in range(len(x)):
        written = np.einsum("d,s->ds", step[t] * u[t], B[t])
        state = np.exp(step[t, :, None] * A) * state + written
        y[t] = np.einsum("ds,s->d", state, C[t])
    if b.lends_memory:  # later layers gate what was read, each by itself
        read = y + w.skip * u
        now = {"state": state, "inputs": inputs, "memory": read}
        return w.output(read * silu(w.gate(x))), now
    y = (y + w.skip * u) * silu(w.gate(x))
    return w.output(y), {"state": state, "inputs": inputs}
