"""Messages of one pass through a loop to the next: means of the sums that it made, by each layer's learned queries.

Reference: transformers/models/inkling2_loop/modular_inkling2_loop.py
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, softmax


def forward(b: Numbers, w: Weights, x: Array) -> tuple[Array, list[Array]]:
    """Sums x (T, sums, width) to those before the loop, and what each gate is told, in the order of the layers.

    A layer's two gates are told (T, 3, width), for queries, keys and values, and (T, width), for its MLP.
    """
    own = w.rms_norm(x[:, -b.pass_sums :])
    query_mlp, key_value = means(own, w.message_query(own)), means(own, w.message_key_value(own))
    given: list[Array] = []
    for i in range(query_mlp.shape[1]):
        query, mlp = query_mlp[:, i, 0], query_mlp[:, i, 1]
        given += [np.concatenate([query[:, None], key_value[:, i]], axis=1), mlp]
    return x[:, : -b.pass_sums], given


def means(x: Array, score: Array) -> Array:
    """Means of normed sums x (T, sums, width) by scores (T, sums, 2 a layer): (T, layers, 2, width)."""
    share = softmax(np.swapaxes(score / x.shape[-1] ** 0.5, 1, 2))
    mean = (share[..., None] * x[:, None]).sum(axis=2)
    return np.asarray(mean.reshape(len(x), -1, 2, x.shape[-1]))
