"""Where a walk is between bytes and patches: what ends a patch, which bytes are its, which patch a byte asks.

A patch is complete where the next byte begins another; what no byte asks yet isn't computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from llm_gallery.architecture.block import Block, walk
from llm_gallery.mechanisms.forward._array import Array, softmax

KEPT = "patches"
"""Under what the walk keeps the bytes of a patch that isn't complete, and the vectors of the last one that is."""


@dataclass(slots=True)
class Patches:
    """The bytes and patches of one call."""

    past: Mapping[str, Array]
    positions: Array  # of the bytes
    ends: Array = field(init=False)  # whether a patch ends with each byte
    places: Array = field(init=False)  # of what is at work, bytes or patches
    now: dict[str, Array] = field(default_factory=dict)
    stream: Array | None = None  # the bytes, while patches are at work
    asked: Array | None = None  # what is asked, a row each
    visible: Array | None = None  # (asking, asked): who sees what

    def __post_init__(self) -> None:
        self.ends, self.places = np.ones(len(self.positions), bool), self.positions

    def end(self, logits: Array, threshold: float) -> None:
        """A patch ends where the entropy of a guess of the next byte, from logits (T, bytes), is above a threshold.

        The first byte is a patch of its own.
        """
        share = softmax(logits)
        logs = np.log(np.where(share > 0, share, 1.0))
        hard = -(share * logs).sum(axis=-1) > threshold
        self.ends = np.asarray(hard | (self.positions == 0))

    def between(self, block: Block, x: Array, mapped: Callable[[Array], Array]) -> Array:
        """Vectors of the patches that are complete, what their transformer reads, or the bytes again."""
        vectors = int(block.value("vectors") or 1)
        if block.value("way") == "to patches":
            return self.several(mapped(self.entered(x)), vectors)
        if block.value("way") == "joined":
            return mapped(x.reshape(len(self.places), -1))
        assert self.stream is not None
        made = mapped(x) if len(x) else x
        return self.left(made.reshape(len(x), vectors, self.stream.shape[-1]))

    def entered(self, x: Array) -> Array:
        """The greatest of the bytes of each patch that is complete now, (patches, width); x (T, width) are new bytes."""
        self.stream = x
        rows = np.concatenate([self.past["open_bytes"], x]) if self.past else x
        ended = np.concatenate([np.zeros(len(rows) - len(x), bool), self.ends])
        patch, count = np.cumsum(ended) - ended, int(ended.sum())
        before = int(self.past["open_count"]) if self.past else 0
        self.places = before + np.arange(count)
        self.now |= {"open_bytes": rows[patch == count], "open_count": np.array(before + count)}
        self.asked, patch = rows[patch < count], patch[patch < count]
        self.visible = np.arange(count)[:, None] == patch
        most = [self.asked[seen].max(axis=0) for seen in self.visible]
        return np.asarray(most, x.dtype).reshape(count, x.shape[-1])

    def several(self, x: Array, vectors: int) -> Array:
        """Vectors of each patch one by one, (patches x vectors, width), of x (patches, vectors x width)."""
        assert self.visible is not None
        self.visible = np.repeat(self.visible, vectors, axis=0)
        return x.reshape(len(x) * vectors, x.shape[-1] // vectors)

    def left(self, x: Array) -> Array:
        """The bytes again; each asks the vectors, (patches, vectors, width), of the last patch that is complete."""
        assert self.stream is not None
        each = np.concatenate([self.past["open_vectors"], x]) if self.past else x
        place = np.cumsum(self.ends) - (0 if self.past else 1)
        self.now["open_vectors"] = each[-1:]
        self.asked, self.places = each.reshape(-1, each.shape[-1]), self.positions
        self.visible = place[:, None] == np.repeat(np.arange(len(each)), each.shape[1])
        return self.stream


def leaves(layer: Block) -> bool:
    """Whether a layer is the first of bytes after those of patches."""
    return any(part.value("way") == "to bytes" for part in layer.inside)


def idle(
    layer: Block, path: str, kept: Mapping[str, Mapping[str, Array]]
) -> dict[str, Mapping[str, Array]]:
    """What a layer keeps on that no patch runs through in a call."""
    return {at: kept[at] for at, _ in walk(layer, path) if at in kept}
