"""FastVLM: FastViT-HD, which the reference takes from another library (timm), and LLaVA's projector.

Reference: transformers/models/fast_vlm/modular_fast_vlm.py
Paper: https://arxiv.org/abs/2412.13303
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._fastvit import ARCHITECTURE, FOLDED, fastvit
from llm_gallery.families.beside._parts import two_linear

OF_TIMM = (
    "do_pooling",
    "global_pool",
    "label_names",
    "num_classes",
    "num_features",
    "pretrained_cfg",
)
OF_THE_PICTURES = (
    "image_seq_length", "projector_hidden_act", "vision_feature_layer", "vision_feature_select_strategy",
)  # fmt: skip


@config("timm_wrapper", unused=OF_TIMM)
class TimmTower:
    architecture: str
    model_args: Mapping[str, Any] | None
    hidden_size: Size


@config("fast_vlm", unused=OF_THE_PICTURES)
class FastVlm:
    vision_config: TimmTower
    multimodal_projector_bias: bool


def fast_vlm(c: FastVlm, stream: int) -> tuple[Block, ...]:
    seen = [] if left_out(c) else [fastvit("model.vision_tower.timm_model")]
    joined = two_linear(
        c.vision_config.hidden_size,
        stream,
        bias=c.multimodal_projector_bias,
        name="model.multi_modal_projector",
    )
    return (*seen, joined)


def left_out(c: FastVlm) -> tuple[str, ...]:
    """The tower itself, where it is another than the releases', or changed."""
    vision = c.vision_config
    known = vision.architecture == ARCHITECTURE and vision.model_args == {FOLDED: True}
    return () if known else ("vision_config",)
