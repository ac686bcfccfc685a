"""GLM-OCR: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/glm_ocr/modular_glm_ocr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._glm_vision import GlmOcrVision, glm_ocr_vision


@config("glm_ocr")
class GlmOcr:
    vision_config: GlmOcrVision


def glm_ocr(c: GlmOcr, stream: int) -> tuple[Block, ...]:
    return (glm_ocr_vision(c.vision_config),)
