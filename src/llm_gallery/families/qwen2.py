"""Qwen2 and Qwen2.5: Llama with biases on q, k and v, and a window in the upper layers where one is set.

Reference: transformers/models/qwen2/modular_qwen2.py
Paper: https://arxiv.org/abs/2407.10671
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, Length, config
from llm_gallery.families._layers import each, sliding
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("qwen2", unused=("use_mrope",))
class Qwen2(Llama):
    use_sliding_window: bool
    sliding_window: Length | None
    max_window_layers: Count
    layer_types: tuple[str, ...] | None


def qwen2(c: Qwen2) -> Block:
    return decoder(c, each(windows(c), lambda window: decoder_layer(c, window)))


def windows(c: Qwen2) -> list[int | None]:
    """The window of each layer: none, unless one is set and used, from `max_window_layers` on."""
    window = c.sliding_window if c.use_sliding_window else None
    default = [
        "sliding_attention" if window is not None and i >= c.max_window_layers else "full_attention"
        for i in range(c.num_hidden_layers)
    ]
    local = sliding(c.layer_types, c.num_hidden_layers, default)
    return [window if is_local else None for is_local in local]


def decoder_layer(c: Qwen2, window: int | None) -> Block:
    attention = grouped_query(c, window=window, bias=True, output_bias=False)
    return pre_norm(c, attention, swiglu(c))
