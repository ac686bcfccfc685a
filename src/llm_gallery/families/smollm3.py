"""SmolLM3: Llama whose every fourth layer carries no positions.

Reference: transformers/models/smollm3/modular_smollm3.py
Report: https://huggingface.co/blog/smollm3
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import NO_POSITION
from llm_gallery.families._config import Count, Length, Size, config
from llm_gallery.families._layers import flagged, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu


@config("smollm3", unused=("max_window_layers",))
class SmolLM3(Llama):
    no_rope_layers: tuple[Count, ...] | None  # 1: rotated, 0: not
    no_rope_layer_interval: Size
    layer_types: tuple[str, ...] | None
    use_sliding_window: bool
    sliding_window: Length | None


def smollm3(c: SmolLM3) -> Block:
    layers = c.num_hidden_layers
    rotated = flagged(c.no_rope_layers, layers, "no_rope_layers", c.no_rope_layer_interval)
    windowed = c.use_sliding_window and c.sliding_window is not None
    default = ["full_attention" if r or not windowed else "sliding_attention" for r in rotated]
    local = sliding(c.layer_types, layers, default)
    kinds = {
        (r, w): decoder_layer(c, r, w and windowed)
        for r, w in set(zip(rotated, local, strict=True))
    }
    return decoder(c, [kinds[kind] for kind in zip(rotated, local, strict=True)])


def decoder_layer(c: SmolLM3, rotated: bool, windowed: bool) -> Block:
    attention = grouped_query(
        c,
        positions=rope(c, head_dim(c)) if rotated else NO_POSITION,
        window=c.sliding_window if windowed else None,
    )
    return pre_norm(c, attention, swiglu(c))
