"""CWM: Llama with three windowed layers after each that sees everything.

Reference: transformers/models/cwm/modular_cwm.py
Paper: https://arxiv.org/abs/2510.02387
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, config
from llm_gallery.families._layers import each, sliding
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("cwm")
class Cwm(Llama):
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None


def cwm(c: Cwm) -> Block:
    count = c.num_hidden_layers
    default = ["sliding_attention" if i % 4 else "full_attention" for i in range(count)]
    local = sliding(c.layer_types, count, default)
    return decoder(
        c,
        each(
            local,
            lambda key: pre_norm(
                c, grouped_query(c, bias=False, window=c.sliding_window if key else None), swiglu(c)
            ),
        ),
    )
