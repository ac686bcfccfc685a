"""Qwen2.5-VL: its vision tower ends at the stream's width, with no projector of its own.

Reference: transformers/models/qwen2_5_vl/modular_qwen2_5_vl.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen_vision import Qwen25Vision, qwen2_5_vision


@config("qwen2_5_vl")
class Qwen25Vl:
    vision_config: Qwen25Vision


def qwen2_5_vl(c: Qwen25Vl, stream: int) -> tuple[Block, ...]:
    return (qwen2_5_vision(c.vision_config, "visual"),)
