"""InstructBLIP for films: InstructBLIP's parts, run over each picture of several.

Reference: transformers/models/instructblipvideo/modeling_instructblipvideo.py
Paper: https://arxiv.org/abs/2305.06500
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._qformer import (
    InstructBlipVideoVision,
    InstructVideoQformer,
    blip2_vision,
    with_queries,
)

UNUSED = ("initializer_factor", "use_decoder_only_language_model", "video_token_index")


@config("instructblipvideo", unused=UNUSED)
class InstructBlipVideo:
    vision_config: InstructBlipVideoVision
    qformer_config: InstructVideoQformer
    num_query_tokens: Size


def instructblipvideo(c: InstructBlipVideo, stream: int) -> tuple[Block, ...]:
    """The tower, and the Q-Former with its map to the stream."""
    read = c.vision_config.hidden_size
    joined = with_queries(c.qformer_config, c.num_query_tokens, read, stream)
    return blip2_vision(c.vision_config), joined
