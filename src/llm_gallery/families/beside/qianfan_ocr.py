"""Qianfan-OCR: InternVL's parts, under the names of InternVL's own releases.

Reference: transformers/models/qianfan_ocr/modeling_qianfan_ocr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Ratio, config
from llm_gallery.families.beside._internvl import (
    RELEASED,
    InternVit,
    QianfanVision,
    internvl_vision,
)
from llm_gallery.families.beside._parts import OF_THE_PICTURES
from llm_gallery.families.beside.internvl import joined


@config("qianfan_ocr", unused=(*OF_THE_PICTURES, "vision_feature_layer"))
class QianfanOcr:
    vision_config: QianfanVision
    downsample_ratio: Ratio


def qianfan_ocr(c: QianfanOcr, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    return with_list(c.vision_config, c.downsample_ratio, stream)


def with_list(c: QianfanVision | InternVit, ratio: float, stream: int) -> tuple[Block, ...]:
    """A norm and two maps in a list; what stands between the maps has no weights."""
    read = joined(c.hidden_size, ratio)
    inside = (
        layer_norm("0", read),
        linear("1", read, stream, bias=True),
        linear("3", stream, stream, bias=True),
    )
    return (
        internvl_vision(c, "vision_model", RELEASED),
        Block("projector", "mlp1", inside=inside),
    )
