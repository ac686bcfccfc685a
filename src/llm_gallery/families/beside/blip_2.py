"""BLIP-2: a vision transformer, and a Q-Former whose queries become the language model's first tokens.

Reference: transformers/models/blip_2/modeling_blip_2.py
Paper: https://arxiv.org/abs/2301.12597
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._qformer import (
    Blip2Qformer,
    Blip2Vision,
    blip2_vision,
    with_queries,
)

UNUSED = ("initializer_factor", "use_decoder_only_language_model", "image_text_hidden_size")


@config("blip_2", unused=UNUSED)
class Blip2:
    vision_config: Blip2Vision
    qformer_config: Blip2Qformer
    num_query_tokens: Size


def blip_2(c: Blip2, stream: int) -> tuple[Block, ...]:
    """The tower, and the Q-Former with its map to the stream."""
    read = c.vision_config.hidden_size
    joined = with_queries(c.qformer_config, c.num_query_tokens, read, stream)
    return blip2_vision(c.vision_config), joined
