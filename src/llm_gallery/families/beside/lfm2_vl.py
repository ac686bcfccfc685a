"""LFM2-VL: SigLIP 2, and neighbouring patches joined and mapped twice into the language model's stream.

Reference: transformers/models/lfm2_vl/modeling_lfm2_vl.py
Report: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._parts import AnyVision, any_vision

OF_THE_PICTURES = (
    "do_image_splitting", "encoder_patch_size", "max_image_tokens", "max_num_patches", "max_pixels_tolerance", "max_tiles",
    "min_image_tokens", "min_tiles", "tile_size", "use_image_special_tokens", "use_thumbnail", "vision_feature_layer",
)  # fmt: skip
"""How pictures are cut: keys of releases, which only the processor reads."""


@config("lfm2_vl", unused=(*OF_THE_PICTURES, "projector_hidden_act", "tie_embedding"))
class Lfm2Vl:
    vision_config: AnyVision
    downsample_factor: Size
    projector_hidden_size: Size
    projector_bias: bool
    projector_use_layernorm: bool


def lfm2_vl(c: Lfm2Vl, stream: int) -> tuple[Block, ...]:
    """A norm before the maps, where the config says so."""
    joined = c.vision_config.hidden_size * c.downsample_factor**2
    inner, bias = c.projector_hidden_size, c.projector_bias
    inside = (
        *([layer_norm("layer_norm", joined)] if c.projector_use_layernorm else []),
        linear("linear_1", joined, inner, bias=bias),
        linear("linear_2", inner, stream, bias=bias),
    )
    return (
        any_vision(c.vision_config, "model.vision_tower"),
        Block("projector", "model.multi_modal_projector", inside=inside),
    )
