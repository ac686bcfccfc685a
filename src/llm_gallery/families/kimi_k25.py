"""Kimi K2.5: Kimi K2 with the MoonViT vision tower, which is counted apart from the text model.

Reference: transformers/models/kimi_k25/modular_kimi_k25.py
Paper: https://arxiv.org/abs/2602.02276
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, config, exactly, stated
from llm_gallery.families._saved import Saved
from llm_gallery.families._wrapped import wrapped
from llm_gallery.families.beside._moonvit import MoonViT, moonvit
from llm_gallery.families.kimi_k2 import KimiK2


@config(
    "kimi_k25",
    unused=(
        "ignore_index",
        "projection_layer_norm_eps",
        "media_placeholder_token_id",
        "use_unified_vision_chunk",
        "video_placeholder",
    ),
    # Saving gives blocks for layers, leaves its own prefix, and puts the patches' projection inside the encoder.
    saved=Saved(
        {
            r"language_model\.model\.blocks": "language_model.model.layers",
            r"^model\.mm_projector": "mm_projector",
            r"^vision_tower\.encoder\.patch_embed": "vision_tower.patch_embed",
        }
    ),
)
class KimiK25:
    text_config: KimiK2
    vision_config: MoonViT  # without one, the reference builds its default tower
    projection_hidden_size: Size
    tie_word_embeddings: bool


def kimi_k25(c: KimiK25) -> Block:
    """The reference ties the head where the wrapper doesn't say; the releases say that it isn't."""
    tied = stated(c, "tie_word_embeddings")
    body = wrapped(c.text_config, "language_model.model", "language_model.lm_head", tied)
    vision = c.vision_config
    tower = moonvit(vision, vision.pos_emb_height, vision.pos_emb_width, vision.hidden_act)
    beside = (tower, projector(c, vision, body.number("width")))
    return replace(body, inside=(*body.inside, *beside))


def projector(c: KimiK25, vision: MoonViT, stream: int) -> Block:
    """A norm, neighbouring patches joined, and two linear maps to the stream's width."""
    height, across = exactly(vision.merge_kernel_size, 2, "vision_config.merge_kernel_size")
    merged = vision.hidden_size * height * across
    inside = (
        layer_norm("pre_norm", c.projection_hidden_size),
        linear("proj.0", merged, merged, bias=True),
        linear("proj.2", merged, stream, bias=True),
    )
    return Block("projector", "mm_projector", inside=inside)
