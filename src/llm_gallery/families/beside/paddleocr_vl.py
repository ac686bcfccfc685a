"""PaddleOCR-VL: SigLIP's layers, rotated as well, and two linear maps from neighbouring patches to the stream's width.

The releases store a pooling head and a second table of positions that nothing reads: the reference loads neither.
They store a head of scores, too, where the reference ties it; with all three the published total comes out.

Reference: transformers/models/paddleocr_vl/modular_paddleocr_vl.py
Paper: https://arxiv.org/abs/2510.14528
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._siglip import Siglip, siglip


@config(
    "paddleocr_vl_vision",
    unused=("rope_parameters", "temporal_patch_size", "tokens_per_second", "vision_use_head"),
)
class PaddleVision(Siglip):
    spatial_merge_size: Size
    vision_use_head: bool = False  # no such key: none


@config("paddleocr_vl")
class PaddleOcrVl:
    vision_config: PaddleVision


def paddleocr_vl(c: PaddleOcrVl, stream: int) -> tuple[Block, ...]:
    width = c.vision_config.hidden_size
    wide = width * c.vision_config.spatial_merge_size**2
    joined = (
        layer_norm("pre_norm", width),
        linear("linear_1", wide, wide, bias=True),
        linear("linear_2", wide, stream, bias=True),
    )
    return (
        siglip(c.vision_config, "visual.vision_model"),
        Block("projector", "mlp_AR", inside=joined),
    )
