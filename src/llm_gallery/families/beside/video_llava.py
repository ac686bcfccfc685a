"""Video-LLaVA: two towers of one config, of films and of pictures, behind one LLaVA projector.

Reference: transformers/models/video_llava/modeling_video_llava.py
Paper: https://arxiv.org/abs/2311.10122
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import any_vision
from llm_gallery.families.beside.llava import Llava, projector


@config("video_llava")
class VideoLlava(Llava):
    pass


def video_llava(c: VideoLlava, stream: int) -> tuple[Block, ...]:
    """Both towers store weights of their own."""
    towers = (any_vision(c.vision_config, name) for name in ("video_tower", "image_tower"))
    return (*towers, projector(c, stream))
