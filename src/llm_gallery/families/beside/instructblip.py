"""InstructBLIP: BLIP-2's parts, whose Q-Former reads the instruction too.

Reference: transformers/models/instructblip/modeling_instructblip.py
Paper: https://arxiv.org/abs/2305.06500
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._qformer import (
    InstructBlipVision,
    InstructQformer,
    blip2_vision,
    with_queries,
)

UNUSED = ("initializer_factor", "use_decoder_only_language_model")


@config("instructblip", unused=UNUSED)
class InstructBlip:
    vision_config: InstructBlipVision
    qformer_config: InstructQformer
    num_query_tokens: Size


def instructblip(c: InstructBlip, stream: int) -> tuple[Block, ...]:
    """The tower, and the Q-Former with its map to the stream."""
    read = c.vision_config.hidden_size
    joined = with_queries(c.qformer_config, c.num_query_tokens, read, stream)
    return blip2_vision(c.vision_config), joined
