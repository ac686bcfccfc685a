"""PerceptionLM: a Perception Encoder, which the reference takes from another library (timm), and LLaVA's projector.

Reference: transformers/models/perception_lm/modular_perception_lm.py
Paper: https://arxiv.org/abs/2504.13180
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import two_linear
from llm_gallery.families.beside._perception import derived, perception
from llm_gallery.families.beside.fast_vlm import OF_TIMM

UNUSED = ("projector_pooling_ratio", "vision_use_cls_token")
WIDTH = "embed_dim"


@config("timm_wrapper", unused=(*OF_TIMM, "hidden_size"))
class PerceptionTower:
    architecture: str
    model_args: Mapping[str, Any] | None


@config("perception_lm", unused=UNUSED)
class PerceptionLm:
    vision_config: PerceptionTower


def perception_lm(c: PerceptionLm, stream: int) -> tuple[Block, ...]:
    """The projector reads as many channels as the tower's arguments say, which the class asks for."""
    vision = c.vision_config
    said = vision.model_args or {}
    if left_out(c):
        return ()
    if said.get(WIDTH) is None:
        raise Refusal(
            f"vision_config.model_args.{WIDTH} is missing, expected the width of the tower, which the projector reads; "
            "add it"
        )
    seen = perception(vision.architecture, said, "model.vision_tower.timm_model")
    joined = two_linear(int(said[WIDTH]), stream, bias=True, name="model.multi_modal_projector")
    return seen, joined


def left_out(c: PerceptionLm) -> tuple[str, ...]:
    """The tower and what joins it, where an argument is one whose sizes aren't derived here."""
    vision = c.vision_config
    known = derived(vision.architecture, vision.model_args or {})
    return () if known else ("vision_config",)
