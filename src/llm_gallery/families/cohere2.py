"""Command A and R7B: Command R with three rotated windowed layers to each that sees everything, without positions.

Reference: transformers/models/cohere2/modular_cohere2.py
Paper: https://arxiv.org/abs/2504.00698
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import NO_POSITION, Head
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._layers import every_nth, sliding
from llm_gallery.families.cohere import norm, parallel
from llm_gallery.families.llama import Llama, decoder, grouped_query, swiglu

OF_THE_TRAINING_CODE = (
    "_sliding_window_pattern", "layer_switch", "norm_type", "order_of_interleaved_layers",
    "position_embedding_type", "rope_style", "rotary_pct", "transformer_block_type",
    "use_embedding_sharing", "use_gated_activation", "use_parallel_embedding", "use_qk_norm",
    "use_parallel_block",
)  # fmt: skip
"""What the publisher's own code calls these facts; the reference takes them as given."""


@config("cohere2")
class Windowed(Llama):
    """The keys that the mixture of experts takes over."""

    logit_scale: float
    sliding_window: Length | None
    sliding_window_pattern: Size = 4
    layer_types: tuple[str, ...] | None


@config("cohere2", unused=OF_THE_TRAINING_CODE, computes={"pairs": True})
class Cohere2(Windowed):
    pass


def cohere2(c: Cohere2) -> Block:
    kinds = [
        parallel(norm(c, "input_layernorm"), attention(c, local=local), swiglu(c))
        for local in (False, True)
    ]
    default = every_nth(c.sliding_window_pattern, c.num_hidden_layers)
    layers = [kinds[w] for w in sliding(c.layer_types, c.num_hidden_layers, default)]
    final = norm(c, "norm")
    return decoder(c, layers, after=(final,), head=Head(scale=c.logit_scale))


def attention(c: Windowed, *, local: bool, rotated: bool = False) -> Block:
    """Only windowed attention is rotated, unless `rotated` asks for it."""
    window = c.sliding_window if local else None
    if window is None and not rotated:
        return grouped_query(c, positions=NO_POSITION)
    return grouped_query(c, window=window)
