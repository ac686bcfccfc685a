"""HyperCLOVA X SEED Vision 2: Qwen2.5-VL's vision tower, and a linear map to the stream's width.

Reference: transformers/models/hyperclovax_vision_v2/modular_hyperclovax_vision_v2.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen_vision import Qwen25Vision, qwen2_5_vision


@config("hyperclovax_vision_v2")
class HyperClovaXVision:
    vision_config: Qwen25Vision


def hyperclovax_vision_v2(c: HyperClovaXVision, stream: int) -> tuple[Block, ...]:
    joined = linear("", c.vision_config.out_hidden_size, stream, bias=True)
    return (
        qwen2_5_vision(c.vision_config, "model.vision_model"),
        Block("projector", "model.vision_projector", inside=(joined,)),
    )
