"""North Micro, text: Command R7B's layers, each kind rotated as the config says of it, or not; a head turns in halves.

Reference: transformers/models/cohere_compass/modular_cohere_compass.py
Model: https://huggingface.co/CohereLabs/North-Micro-Vision-Instruct
"""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import NO_POSITION, Head, Positions
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Length, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.cohere import norm, parallel
from llm_gallery.families.cohere2 import OF_THE_TRAINING_CODE
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, swiglu

KINDS = ("full_attention", "sliding_attention")


@config(
    "cohere_compass_text",
    unused=(*OF_THE_TRAINING_CODE, "pooling", "rope_theta", "sliding_window_pattern"),
)
class CohereCompassText(Llama):
    logit_scale: float | None
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    rope_parameters: dict[str, Any] | None = None


def cohere_compass_text(c: CohereCompassText) -> Block:
    count = c.num_hidden_layers
    kinds = typed(c.layer_types, count, ["full_attention"] * count, KINDS)

    def decoder_layer(kind: str) -> Block:
        window = c.sliding_window if kind == "sliding_attention" else None
        tokens = grouped_query(c, positions=positions(c, kind), window=window)
        return parallel(norm(c, "input_layernorm"), tokens, swiglu(c))

    return decoder(
        c, each(kinds, decoder_layer), after=(norm(c, "norm"),), head=Head(scale=c.logit_scale)
    )


def positions(c: CohereCompassText, kind: str) -> Positions:
    """The rotation of a kind of layer; null says that it has none, and the class fills in nothing."""
    parameters = c.rope_parameters or {}
    if kind not in parameters:
        raise Refusal(
            f"rope_parameters says nothing of {kind}, expected an object, or null for no rotation; "
            "the reference has no default; add it"
        )
    return NO_POSITION if parameters[kind] is None else rope(c, head_dim(c), layer_type=kind)
