"""ShieldGemma 2: the tower and projector of Gemma 3.

Reference: transformers/models/shieldgemma2/modeling_shieldgemma2.py
Paper: https://arxiv.org/abs/2504.01081
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._siglip import Siglip, siglip, soft_tokens


@config("shieldgemma2", unused=("mm_tokens_per_image",))
class ShieldGemma2:
    vision_config: Siglip


def shieldgemma2(c: ShieldGemma2, stream: int) -> tuple[Block, ...]:
    """Both stand within a Gemma 3 of its own."""
    return (
        siglip(c.vision_config, "model.vision_tower"),
        soft_tokens(c.vision_config.hidden_size, stream, "model.multi_modal_projector"),
    )
