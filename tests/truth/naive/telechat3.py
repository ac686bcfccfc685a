"""TeleChat 3, naively, after vLLM's reading of the release.

https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/layers/rotary_embedding/telechat3_scaling_rope.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log, pi

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Config,
    Weights,
    attended,
    decoder,
    linear,
    swiglu,
    turned,
)


def scores(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    """Of all next tokens, (tokens, vocabulary)."""
    return decoder(
        c, weights, tokens, lambda x, w: attention(c, w, x), lambda _, x, w: swiglu(x, w)
    )


def attention(c: Config, w: Weights, x: Array) -> Array:
    """What is turned is made longer by the factor, queries and keys alike."""
    heads, shared, dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    q = linear(x, w, "q_proj").reshape(len(x), heads, dim)
    k = linear(x, w, "k_proj").reshape(len(x), shared, dim)
    v = linear(x, w, "v_proj").reshape(len(x), shared, dim)
    said, each = c["rope_scaling"], heads // shared
    speeds, longer = frequencies(c, dim), 1.0
    if said is not None:
        longer = 0.07 * log(said["factor"]) + 1.0
    made = attended(
        lambda t, h: longer * turned(q[t, h], t, speeds),
        lambda t, h: longer * turned(k[t, h // each], t, speeds),
        lambda t, h: v[t, h // each],
        (len(x), heads),
        dim**-0.5,
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def frequencies(c: Config, dim: int) -> Array:
    """YaRN's: slow pairs stretched, fast ones left, and between them a blend, pair by pair."""
    base, said = c["rope_theta"], c["rope_scaling"]
    plain = [base ** (-2 * i / dim) for i in range(dim // 2)]
    if said is None:
        return np.array(plain)

    def pair(turns: float) -> float:
        return (
            dim * log(said["original_max_position_embeddings"] / (turns * 2 * pi)) / (2 * log(base))
        )

    low = max(floor(pair(said["beta_fast"])), 0)
    high = min(ceil(pair(said["beta_slow"])), dim - 1)
    made = []
    for i, speed in enumerate(plain):
        kept = 1 - min(max((i - low) / (high - low if high != low else 0.001), 0), 1)
        made.append(speed / said["factor"] * (1 - kept) + speed * kept)
    return np.array(made)
