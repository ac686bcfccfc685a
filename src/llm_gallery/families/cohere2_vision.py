"""Command A Vision and A+: a Cohere 2 text model, dense or with experts, and the SigLIP tower counted apart.

Reference: transformers/models/cohere2_vision/modular_cohere2_vision.py
Report: https://cohere.com/blog/command-a-plus
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config, multiple, stated
from llm_gallery.families._wrapped import wrapped
from llm_gallery.families.beside._siglip import Siglip, siglip
from llm_gallery.families.cohere2 import Cohere2
from llm_gallery.families.cohere2_moe import Cohere2Moe

OF_THE_PUBLISHED_CODE = (
    "alignment_activation_fn", "enable_adapter_layer_norm", "image_token", "max_splits_per_img",
    "vision_feature_layer", "vision_feature_select_strategy",
)  # fmt: skip


@config("cohere2_vision", unused=OF_THE_PUBLISHED_CODE)
class Cohere2Vision:
    text_config: Cohere2 | Cohere2Moe
    vision_config: Siglip | None = None
    downsample_factor: Size
    alignment_intermediate_size: Size
    tie_word_embeddings: bool


def cohere2_vision(c: Cohere2Vision) -> Block:
    tied = stated(c, "tie_word_embeddings")
    body = wrapped(c.text_config, "model.language_model", "lm_head", tied, heeds=("logit_scale",))
    if c.vision_config is None:
        return body
    vision = siglip(c.vision_config, "model.vision_tower")
    beside = (vision, projector(c, c.vision_config, body.number("width")))
    return replace(body, inside=(*body.inside, *beside))


def projector(c: Cohere2Vision, vision: Siglip, stream: int) -> Block:
    """Neighbouring patches joined, a gated map whose gate is half of its width, and a map to the stream."""
    inner = c.alignment_intermediate_size
    half = multiple(inner, 2, ("alignment_intermediate_size", "2"))
    joined = vision.hidden_size * c.downsample_factor**2
    inside = (
        linear("linear_1", joined, inner, bias=True),
        linear("linear_2", half, stream, bias=True),
    )
    return Block("projector", "model.multi_modal_projector", inside=inside)
