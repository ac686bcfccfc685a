"""Fuyu: no tower; a linear map makes a token of each patch's pixels.

Reference: transformers/models/fuyu/modeling_fuyu.py
Report: https://www.adept.ai/blog/fuyu-8b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config


@config("fuyu", unused=("image_size",))
class Fuyu:
    patch_size: Size
    num_channels: Size


def fuyu(c: Fuyu, stream: int) -> tuple[Block, ...]:
    """The map."""
    pixels = c.num_channels * c.patch_size**2
    projection = linear("vision_embed_tokens", pixels, stream, bias=True)
    return (Block("projector", "", inside=(projection,)),)
