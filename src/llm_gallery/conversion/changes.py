"""What becomes of a tensor that isn't written as it is stored: split, turned, without an axis of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llm_gallery.conversion.row import Change, Shape

Json = Mapping[str, Any]


def split(*names: str, axis: int = 0, turned: bool = False) -> Change:
    """Equal parts along an axis, after the last two axes changed places where `turned` says so."""

    def change(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
        held = [*shape[:-2], shape[-1], shape[-2]] if turned else [*shape]
        held[axis] //= len(names)
        return [(name, tuple(held)) for name in names]

    return change


def turned(name: str) -> Change:
    """The last two axes in the other order."""
    return lambda shape, config: [(name, (*shape[:-2], shape[-1], shape[-2]))]


def reshaped(name: str, shape_of: Callable[[Shape], Shape]) -> Change:
    """Another shape of as many numbers."""
    return lambda shape, config: [(name, shape_of(shape))]


def without_ones(name: str) -> Change:
    """Without axes of one, as of a convolution that mixes no channels, or a gate of one row."""
    return lambda shape, config: [(name, tuple(size for size in shape if size > 1))]


def latent_keys_and_values(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """The matrix that expands latents, as one for the keys of each head, turned, and one for the values."""
    heads, rank = config["num_attention_heads"], shape[-1]
    keys = config["qk_nope_head_dim"]
    return [
        ("attn_k_b.weight", (heads, rank, keys)),
        ("attn_v_b.weight", (heads, shape[0] // heads - keys, rank)),
    ]
