"""LLaVA-NeXT-Video: LLaVA-NeXT's parts; what it pools of a film has no weights.

Reference: transformers/models/llava_next_video/modeling_llava_next_video.py
Report: https://llava-vl.github.io/blog/2024-04-30-llava-next-video/
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import row_end
from llm_gallery.families.beside.llava import Llava, llava


@config("llava_next_video")
class LlavaNextVideo(Llava):
    pass


def llava_next_video(c: LlavaNextVideo, stream: int) -> tuple[Block, ...]:
    """LLaVA's tower and projector, and the vector."""
    return (*llava(c, stream), row_end(stream))
