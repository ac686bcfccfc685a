"""SmolVLM: Idefics 3's parts.

Reference: transformers/models/smolvlm/modeling_smolvlm.py
Paper: https://arxiv.org/abs/2504.05299
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._siglip import SmolVlmVision
from llm_gallery.families.beside.idefics3 import with_connector


@config("smolvlm", unused=("_pad_token_id", "vocab_size"))
class SmolVlm:
    vision_config: SmolVlmVision
    scale_factor: Size


def smolvlm(c: SmolVlm, stream: int) -> tuple[Block, ...]:
    """As Idefics 3's."""
    return with_connector(c.vision_config, c.scale_factor, stream)
