"""Mistral Small 3.1 and 4, Ministral 3, LightOnOCR: a Mistral, Ministral 3, Mistral 4 or another text model with the Pixtral vision tower, counted apart.

Reference: transformers/models/mistral3/modular_mistral3.py, transformers/models/pixtral/modeling_pixtral.py
Paper: https://arxiv.org/abs/2410.07073 (Pixtral)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families._wrapped import wrapped, wrapper_tie
from llm_gallery.families.beside._pixtral import Pixtral, merging_projector, pixtral
from llm_gallery.families.ministral3 import Ministral3
from llm_gallery.families.mistral import Mistral
from llm_gallery.families.mistral4 import Mistral4


@config("mistral3", unused=("projector_hidden_act",))
class Mistral3:
    text_config: Mistral | Ministral3 | Mistral4
    vision_config: Pixtral | None = None
    multimodal_projector_bias: bool
    spatial_merge_size: Size
    vision_feature_layer: int | tuple[int, ...]
    tie_word_embeddings: bool


def mistral3(c: Mistral3) -> Block:
    """The reference ties the head where nobody says so; the releases store one, as their text class does."""
    tied = wrapper_tie(c, c.text_config)
    body = wrapped(c.text_config, "language_model.model", "language_model.lm_head", tied)
    if c.vision_config is None:
        return body
    beside = (pixtral(c.vision_config), projector(c, c.vision_config, body.number("width")))
    return replace(body, inside=(*body.inside, *beside))


def projector(c: Mistral3, vision: Pixtral, stream: int) -> Block:
    """The projector, which reads the outputs of as many layers as the config names."""
    read = c.vision_feature_layer
    return merging_projector(
        vision.hidden_size,
        stream,
        merged=c.spatial_merge_size,
        features=len(read) if isinstance(read, Sequence) else 1,
        bias=c.multimodal_projector_bias,
    )
