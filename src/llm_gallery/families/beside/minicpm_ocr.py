"""MiniCPM-OCR: MiniCPM-V 4.6's parts.

Reference: transformers/models/minicpm_ocr/modeling_minicpm_ocr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Pieces, config
from llm_gallery.families.beside._minicpm import OF_THE_PICTURES, MiniCpmOcrVision, with_mergers


@config("minicpm_ocr", unused=OF_THE_PICTURES)
class MiniCpmOcr:
    vision_config: MiniCpmOcrVision
    merger_times: Pieces


def minicpm_ocr(c: MiniCpmOcr, stream: int) -> tuple[Block, ...]:
    """The tower, and the mergers after it."""
    return with_mergers(c.vision_config, c.merger_times, stream)
