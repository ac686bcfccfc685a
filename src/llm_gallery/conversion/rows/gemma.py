"""Gemma's models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.keys import BASE, rope
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
WINDOW: Spelled = {"attention.sliding_window": "sliding_window"}
CAPPED: Spelled = {"final_logit_softcapping": "final_logit_softcapping"}
SCALED_BY_WIDTH = {"gemma2": 46, "gemma3": 62}
"""Architectures with the layers of their largest model, whose queries llama.cpp scales by the width of all heads."""


def rest(stored: Stored, said: Json) -> Json:
    """By what queries are scaled, which llama.cpp knows of the number of layers."""
    layers = SCALED_BY_WIDTH[stored.metadata["general.architecture"]]
    largest = said.get("num_hidden_layers") == layers
    match said:
        case {"hidden_size": int(width), "num_attention_heads": int(heads)} if (
            largest and heads > 0
        ):
            return {"query_pre_attn_scalar": width // heads}
    return {}


ROWS = (
    Row("gemma", ("gemma",), BASE),
    Row(
        "gemma2",
        ("gemma2",),
        {**BASE, **WINDOW, **CAPPED, "attn_logit_softcapping": "attn_logit_softcapping"},
        names=SANDWICH,
        rest=rest,
    ),
    Row(
        "gemma3",
        ("gemma3_text", "gemma3"),
        {**BASE, **WINDOW, **CAPPED},
        writes=(rope,),
        names=SANDWICH,
        rest=rest,
    ),
)
