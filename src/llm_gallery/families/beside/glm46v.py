"""GLM-4.6V: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/glm46v/modular_glm46v.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._glm_vision import GlmVision, glm_vision


@config("glm46v")
class Glm46v:
    vision_config: GlmVision


def glm46v(c: Glm46v, stream: int) -> tuple[Block, ...]:
    return (glm_vision(c.vision_config),)
