"""PaliGemma: SigLIP and one linear map.

Reference: transformers/models/paligemma/modeling_paligemma.py
Paper: https://arxiv.org/abs/2407.07726
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._parts import AnyVision, any_vision


@config("paligemma", unused=("hidden_size", "vocab_size"))
class PaliGemma:
    vision_config: AnyVision
    projection_dim: Size


def paligemma(c: PaliGemma, stream: int) -> tuple[Block, ...]:
    """The map is as wide as its own key says, which the tower's config may repeat."""
    joined = linear("linear", c.vision_config.hidden_size, c.projection_dim, bias=True)
    return (
        any_vision(c.vision_config, "vision_tower"),
        Block("projector", "multi_modal_projector", inside=(joined,)),
    )
