"""Ministral 8B: Mistral whose layers have a window or none, as a list says.

Reference: transformers/models/ministral/modular_ministral.py
Model: https://huggingface.co/mistralai/Ministral-8B-Instruct-2410
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families._layers import each, sliding
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.mistral import Mistral


@config("ministral")
class Ministral(Mistral):
    layer_types: tuple[str, ...] | None


def ministral(c: Ministral) -> Block:
    windowed = "full_attention" if c.sliding_window is None else "sliding_attention"
    local = sliding(c.layer_types, c.num_hidden_layers, [windowed] * c.num_hidden_layers)
    return decoder(
        c,
        each(
            local,
            lambda key: pre_norm(
                c, grouped_query(c, window=c.sliding_window if key else None), swiglu(c)
            ),
        ),
    )
