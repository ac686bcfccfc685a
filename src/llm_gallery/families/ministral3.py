"""Ministral 3, text: Mistral whose queries grow with the logarithm of their position.

Reference: transformers/models/ministral3/modular_ministral3.py
Model: https://huggingface.co/mistralai/Ministral-3-8B-Base-2512
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import Scaling, with_settings
from llm_gallery.families._config import config
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.mistral import Mistral


@config("ministral3")
class Ministral3(Mistral):
    pass


def ministral3(c: Ministral3) -> Block:
    rotation = c.rope_parameters or c.rope_scaling or {}
    scaling = Scaling(temperature_tuning=temperature(rotation))
    attention = grouped_query(c, window=c.sliding_window, scaling=scaling)
    decoder_layer = pre_norm(c, with_temperature(attention, rotation), swiglu(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def temperature(rope: Mapping[str, Any]) -> Fact | None:
    """The temperature by which queries grow with their position; with a share of 0 it is 1."""
    if rope.get("llama_4_scaling_beta", 0) == 0:
        return None
    return Fact(True, "stated", "rope_parameters.llama_4_scaling_beta")


def with_temperature(attention: Block, rope: Mapping[str, Any]) -> Block:
    """The numbers of the temperature: after each old context, queries grow by a share of the logarithm."""
    length, share = rope.get("original_max_position_embeddings"), rope.get("llama_4_scaling_beta")
    if length is None or not share:
        return attention
    return with_settings(
        attention, temperature_from=0, temperature_length=length, temperature_share=share
    )
