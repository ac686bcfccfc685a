"""A compressor: one entry for each full group of tokens, theirs weighted by a softmax of learned gates.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, extended, softmax
from llm_gallery.mechanisms.forward.rotation import rope_last


def forward(b: Numbers, w: Weights, x: Array, past: Past) -> tuple[Array, Past]:
    """All entries so far (groups, head_dim), and what the next tokens need of the tokens of open groups."""
    made = past.get("entries", np.zeros((0, b.head_dim), x.dtype))
    values, gates = (
        extended(past, "open_values", w.key_value(x)),
        extended(past, "open_gates", w.gate(x)),
    )
    full = len(values) // b.ratio
    each = (full, b.ratio, values.shape[1])
    v = values[: full * b.ratio].reshape(each)
    g = gates[: full * b.ratio].reshape(each) + w.places
    if b.overlapping:
        v, g = with_group_before(v, g, b.head_dim)
    share = np.swapaxes(softmax(np.swapaxes(g, 1, 2)), 1, 2)  # over the tokens of a group
    new = w.key_value_norm((share * v).sum(axis=1))
    if b.overlapping:  # the next group reads the last one too, whose entry is there already
        new, done = new[min(len(made), 1) :], max(full - 1, 0)
    else:
        done = full
    starts = b.ratio * (len(made) + np.arange(len(new)))
    entries = np.concatenate([made, rope_last(b, new[:, None], starts)[:, 0]])
    values, gates = values[b.ratio * done :], gates[b.ratio * done :]
    return entries, {"entries": entries, "open_values": values, "open_gates": gates}


def with_group_before(v: Array, g: Array, head_dim: int) -> tuple[Array, Array]:
    """Each group with the one before: of that the first half of the channels, of its own the second."""
    before_v = np.concatenate([np.zeros_like(v[:1]), v[:-1]])[..., :head_dim]
    before_g = np.concatenate([np.full_like(g[:1], -np.inf), g[:-1]])[..., :head_dim]
    own_v, own_g = v[..., head_dim:], g[..., head_dim:]
    return np.concatenate([before_v, own_v], axis=1), np.concatenate([before_g, own_g], axis=1)
