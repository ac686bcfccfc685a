"""GLM-4.1V: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/glm4v/modular_glm4v.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._glm_vision import GlmVision, glm_vision


@config("glm4v")
class Glm4v:
    vision_config: GlmVision


def glm4v(c: Glm4v, stream: int) -> tuple[Block, ...]:
    return (glm_vision(c.vision_config),)
