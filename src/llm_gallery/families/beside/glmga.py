"""GLM-GA: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/glmga/modular_glmga.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._glm_vision import GlmVision, glm_vision


@config("glmga")
class Glmga:
    vision_config: GlmVision


def glmga(c: Glmga, stream: int) -> tuple[Block, ...]:
    return (glm_vision(c.vision_config),)
