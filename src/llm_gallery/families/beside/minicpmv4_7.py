"""MiniCPM-V 4.7: 4.6's parts.

Reference: transformers/models/minicpmv4_7/modeling_minicpmv4_7.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Pieces, config
from llm_gallery.families.beside._minicpm import OF_THE_PICTURES, MiniCpmVision47, with_mergers


@config("minicpmv4_7", unused=OF_THE_PICTURES)
class MiniCpmV47:
    vision_config: MiniCpmVision47
    merger_times: Pieces


def minicpmv4_7(c: MiniCpmV47, stream: int) -> tuple[Block, ...]:
    """The tower, and the mergers after it."""
    return with_mergers(c.vision_config, c.merger_times, stream)
