"""Qwen3: Llama with q and k normed head by head, and a head size of its own.

Reference: transformers/models/qwen3/modular_qwen3.py
Paper: https://arxiv.org/abs/2505.09388
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import Count, Length, config
from llm_gallery.families._layers import sliding
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("qwen3")
class Qwen3(Llama):
    use_sliding_window: bool
    sliding_window: Length | None
    max_window_layers: Count
    layer_types: tuple[str, ...] | None


def qwen3(c: Qwen3) -> Block:
    window = c.sliding_window if c.use_sliding_window else None
    kinds = [one(c, None), one(c, window)]
    default = [
        "sliding_attention" if window is not None and i >= c.max_window_layers else "full_attention"
        for i in range(c.num_hidden_layers)
    ]
    return decoder(c, [kinds[w] for w in sliding(c.layer_types, c.num_hidden_layers, default)])


def one(c: Qwen3, window: int | None) -> Block:
    return layer(
        residual(norm(c, "input_layernorm"), grouped_query(c, qk_norm="per head", window=window)),
        residual(norm(c, "post_attention_layernorm"), swiglu(c)),
    )
