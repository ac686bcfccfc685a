"""TeleChat 3, naively, after vLLM's reading of the release.

https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/layers/rotary_embedding/telechat3_scaling_rope.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from tests.truth.naive.parts import (
    Array,
    Config,
    Weights,
    attended,
    decoder,
    linear,
    stretched,
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
    speeds, longer = stretched(c["rope_theta"], dim, said), 1.0
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
