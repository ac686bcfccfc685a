"""InternVL as its own releases have it: InternViT under their names, and a list of a norm and two maps.

Reference: https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/model/internvl_chat/modeling_internvl_chat.py
Paper: https://arxiv.org/abs/2404.16821
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Ratio, config
from llm_gallery.families.beside._internvl import InternVit
from llm_gallery.families.beside.qianfan_ocr import with_list

OF_THE_PICTURES = (
    "dynamic_image_size", "force_image_size", "max_dynamic_patch", "min_dynamic_patch", "pad2square", "ps_version",
    "select_layer", "template", "use_thumbnail", "image_fold", "system_message", "hidden_size",
)  # fmt: skip
"""How pictures are cut and what is said around them: nothing that a size depends on."""


@config("internvl_chat", unused=OF_THE_PICTURES)
class InternVlChat:
    vision_config: InternVit
    downsample_ratio: Ratio = 0.5
    use_backbone_lora: Literal[0] = 0  # another rank stores adapters, which releases have merged
    use_llm_lora: Literal[0] = 0


def internvl_chat(c: InternVlChat, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    return with_list(c.vision_config, c.downsample_ratio, stream)
