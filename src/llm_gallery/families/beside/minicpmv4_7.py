"""MiniCPM-V 4.7: the parts of MiniCPM-V 4.6.

Reference: transformers/models/minicpmv4_7/modular_minicpmv4_7.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside.minicpmv4_6 import MiniCpmV46, MiniCpmVision, towers


@config("minicpmv4_7_vision", unused=("vision_use_head",))
class MiniCpmVision47(MiniCpmVision):
    vision_use_head: bool = False


@config(
    "minicpmv4_7",
    unused=("image_end_id", "image_start_id", "newline_id", "slice_end_id", "slice_start_id"),
)
class MiniCpmV47(MiniCpmV46):
    vision_config: MiniCpmVision47


def minicpmv4_7(c: MiniCpmV47, stream: int) -> tuple[Block, ...]:
    return towers(c, stream)
