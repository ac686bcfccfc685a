"""MiniCPM-V 4.6: SigLIP with mergers of patches, in it and after it.

Reference: transformers/models/minicpmv4_6/modeling_minicpmv4_6.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Pieces, config
from llm_gallery.families.beside._minicpm import OF_THE_PICTURES, MiniCpmVision, with_mergers


@config("minicpmv4_6", unused=OF_THE_PICTURES)
class MiniCpmV46:
    vision_config: MiniCpmVision
    merger_times: Pieces


def minicpmv4_6(c: MiniCpmV46, stream: int) -> tuple[Block, ...]:
    """The tower, and the mergers after it."""
    return with_mergers(c.vision_config, c.merger_times, stream)
