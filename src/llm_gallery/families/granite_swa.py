"""Granite with windows, a sink in every head, and a rotation that each layer may have its own base of, or none.

Reference: transformers/models/granite_swa/modular_granite_swa.py
Model: https://huggingface.co/ibm-granite/granite-swash-2b
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import NO_POSITION, Positions
from llm_gallery.families._config import Length, config, per_layer
from llm_gallery.families._layers import each, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.granite import Granite, attention, scaled
from llm_gallery.families.llama import head_dim, pre_norm, swiglu


@config("granite_swa", unused=("init_method",))
class GraniteSwa(Granite):
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    layer_rope_theta: tuple[float, ...] | None


def granite_swa(c: GraniteSwa) -> Block:
    return scaled(c, windowed(c, lambda: swiglu(c)))


def windowed(c: GraniteSwa, channels: Callable[[], Block]) -> Sequence[Block]:
    """The layers: each fourth sees all tokens, where the config doesn't say."""
    count = c.num_hidden_layers
    default = ["sliding_attention" if i % 4 else "full_attention" for i in range(count)]
    local = sliding(c.layer_types, count, default)
    listed: Sequence[float | None] | None = per_layer(c.layer_rope_theta, count, "layer_rope_theta")
    beside = channels()

    def decoder_layer(key: tuple[bool, float | None]) -> Block:
        window = c.sliding_window if key[0] else None
        return pre_norm(c, attention(c, rotated(c, key[1]), window=window, sinks=True), beside)

    return each(list(zip(local, listed or [None] * count, strict=True)), decoder_layer)


def rotated(c: GraniteSwa, base: float | None) -> Positions:
    """By the layer's own base, of which 0 is no rotation, else by the model's."""
    return NO_POSITION if base == 0 else rope(c, head_dim(c), base=base)
