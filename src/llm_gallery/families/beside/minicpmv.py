"""MiniCPM-V 2.5, 2.6, 4.0 and 4.5: SigLIP and a resampler, as the releases' own code has them.

Its first editions name a tower of timm, which stays uncounted.

Reference: vllm/model_executor/models/minicpmv.py
Paper: https://arxiv.org/abs/2408.01800
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._resampler import OwnTower, vision_tower

OF_THE_PICTURES = ("image_size", "slice_config")
"""How pictures are cut."""


@config("minicpmv", unused=OF_THE_PICTURES)
class MiniCpmV:
    vision_config: OwnTower
    query_num: Size = 64
    drop_vision_last_layer: bool = True


def minicpmv(c: MiniCpmV, stream: int) -> tuple[Block, ...]:
    """The tower, and the queries."""
    last = c.drop_vision_last_layer
    return vision_tower(c.vision_config, queries=c.query_num, stream=stream, without_last=last)
