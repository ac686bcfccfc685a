"""Samba as Flash Linear Attention has it, naively.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/mamba.py and fla/models/samba/modeling_samba.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.truth.naive.of_fla import hybrid
from tests.truth.naive.parts import Array, Config, Weights, convolved, linear, silu


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return hybrid(
        c, weights, tokens, lambda _, x, w: state_space(x, w), ("backbone", "mixer", "norm_f")
    )


def state_space(x: Array, w: Weights) -> Array:
    """Each channel by itself: as many numbers as `A_log` has columns fade, and take in the channel."""
    inner, states = w["A_log"].shape
    both = linear(x, w, "in_proj")
    read, gate = both[:, :inner], silu(both[:, inner:])
    read = silu(convolved(read, w["conv1d.weight"]) + w["conv1d.bias"])
    chosen = linear(read, w, "x_proj")
    rank = chosen.shape[-1] - 2 * states
    step = np.log(1 + np.exp(linear(chosen[:, :rank], w, "dt_proj")))
    along, asked = chosen[:, rank : rank + states], chosen[:, rank + states :]
    made = np.zeros_like(read)
    for channel in range(inner):
        state = np.zeros(states)
        for t in range(len(x)):
            one, far = read[t, channel], step[t, channel]
            state = np.exp(-np.exp(w["A_log"][channel]) * far) * state + far * along[t] * one
            made[t, channel] = state @ asked[t] + w["D"][channel] * one
    return linear(made * gate, w, "out_proj")
