"""GLM-4.5V: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/glm4v_moe/modular_glm4v_moe.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._glm_vision import GlmMoeVision, glm_vision


@config("glm4v_moe")
class Glm4vMoe:
    vision_config: GlmMoeVision


def glm4v_moe(c: Glm4vMoe, stream: int) -> tuple[Block, ...]:
    return (glm_vision(c.vision_config),)
