"""Between bytes and patches: what ends a patch, which bytes are its, which patch a byte asks.

A patch is complete where the next byte begins another; what no byte asks yet isn't computed.
Paper: https://arxiv.org/abs/2412.09871
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import Array, Numbers, Past, Weights, extended, softmax


def forward(b: Numbers, w: Weights, x: Array) -> Array:
    """x (patches, inputs) to (patches, outputs), where there is a matrix."""
    return x if w.linear is None else np.asarray(w.linear(x))


def ended(scores: Array, threshold: float, positions: Array) -> Array:
    """Whether a patch ends with each byte: where a guess of the next, by scores (T, bytes), has an entropy above a threshold.

    The first byte is a patch of its own.
    """
    share = softmax(scores)
    logs = np.log(np.where(share > 0, share, 1.0))
    entropy = -(share * logs).sum(axis=-1)
    return np.asarray((entropy > threshold) | (positions == 0))


def entered(
    b: Numbers, w: Weights, x: Array, past: Past, ends: Array
) -> tuple[Array, Array, Array, Array, Past]:
    """Bytes x (T, width) to vectors (patches x vectors, width) of the patches that are complete now.

    A vector begins as the greatest of a patch's bytes in each channel, through a matrix. With them come the bytes that they
    ask, who asks which, where the patches stand, and what is kept: the bytes of the patch that isn't complete.
    """
    rows = extended(past, "open_bytes", x)
    last = np.concatenate([np.zeros(len(rows) - len(x), bool), ends])
    patch, count = np.cumsum(last) - last, int(last.sum())
    before = int(past.get("open_count", 0))
    asked = rows[patch < count]
    own = np.arange(count)[:, None] == patch[patch < count]
    greatest = np.array([asked[seen].max(axis=0) for seen in own], x.dtype)
    y = forward(b, w, greatest.reshape(count, x.shape[-1]))
    now = {"open_bytes": rows[patch == count], "open_count": np.array(before + count)}
    y = y.reshape(count * b.vectors, x.shape[-1])
    return y, asked, np.repeat(own, b.vectors, axis=0), before + np.arange(count), now


def joined(b: Numbers, w: Weights, x: Array, positions: Array) -> Array:
    """The vectors of each patch as one row: (patches, width)."""
    return forward(b, w, x.reshape(len(positions), -1))


def left(
    b: Numbers, w: Weights, x: Array, past: Past, stream: Array, ends: Array
) -> tuple[Array, Array, Past]:
    """What bytes ask of patches x (patches, inputs): vectors, who asks which, and what is kept: those of the last patch.

    Each byte, of a stream (T, width), asks the last patch that is complete.
    """
    now = forward(b, w, x).reshape(len(x), b.vectors, stream.shape[-1])
    each = extended(past, "open_vectors", now)
    place = np.cumsum(ends) - 1 + len(each) - len(x)
    visible = place[:, None] == np.repeat(np.arange(len(each)), b.vectors)
    return each.reshape(-1, stream.shape[-1]), visible, {"open_vectors": each[-1:]}
