"""Qwen2-VL: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/qwen2_vl/modular_qwen2_vl.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen_vision import Qwen2Vision, qwen2_vision


@config("qwen2_vl")
class Qwen2Vl:
    vision_config: Qwen2Vision


def qwen2_vl(c: Qwen2Vl, stream: int) -> tuple[Block, ...]:
    return (qwen2_vision(c.vision_config, "visual"),)
