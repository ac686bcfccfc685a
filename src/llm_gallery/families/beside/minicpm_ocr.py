"""MiniCPM-OCR: the parts of MiniCPM-V 4.6.

Reference: transformers/models/minicpm_ocr/modular_minicpm_ocr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside.minicpmv4_6 import MiniCpmV46, MiniCpmVision, towers


@config("minicpm_ocr_vision", unused=("vision_use_head",))
class MiniCpmOcrVision(MiniCpmVision):
    vision_use_head: bool = False


@config("minicpm_ocr")
class MiniCpmOcr(MiniCpmV46):
    vision_config: MiniCpmOcrVision


def minicpm_ocr(c: MiniCpmOcr, stream: int) -> tuple[Block, ...]:
    return towers(c, stream)
