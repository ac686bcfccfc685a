"""Idefics 3: SigLIP, and neighbouring patches as one vector of the language model's.

Reference: transformers/models/idefics3/modeling_idefics3.py
Paper: https://arxiv.org/abs/2408.12637
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._siglip import Idefics3Vision, Siglip, siglip


@config("idefics3", unused=("_pad_token_id", "perceiver_config", "vocab_size"))
class Idefics3:
    vision_config: Idefics3Vision
    scale_factor: Size


def idefics3(c: Idefics3, stream: int) -> tuple[Block, ...]:
    """A linear map of `scale_factor` squared patches."""
    return with_connector(c.vision_config, c.scale_factor, stream)


def with_connector(c: Siglip, scale: int, stream: int) -> tuple[Block, ...]:
    """The tower, and the map."""
    joined = linear("proj", c.hidden_size * scale**2, stream)
    return (
        siglip(c, "model.vision_model"),
        Block("projector", "model.connector.modality_projection", inside=(joined,)),
    )
