"""LightOnOCR: Pixtral, and Mistral 3's projector without biases.

Reference: transformers/models/lighton_ocr/modeling_lighton_ocr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._parts import AnyVision, any_vision
from llm_gallery.families.beside._pixtral import merging_projector

UNUSED = ("multimodal_projector_bias", "projector_hidden_act", "vision_feature_layer")
"""Keys of Mistral 3's projector, of which this one has no biases."""


@config("lighton_ocr", unused=UNUSED)
class LightOnOcr:
    vision_config: AnyVision
    spatial_merge_size: Size


def lighton_ocr(c: LightOnOcr, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    width = c.vision_config.hidden_size
    return (
        any_vision(c.vision_config, "model.vision_encoder"),
        merging_projector(
            width, stream, merged=c.spatial_merge_size, name="model.vision_projection"
        ),
    )
