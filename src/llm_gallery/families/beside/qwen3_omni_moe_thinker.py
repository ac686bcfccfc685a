"""Qwen3-Omni's thinker: Qwen3-VL's vision tower and Qwen3's audio encoder, both of which end at the stream's width.

Reference: transformers/models/qwen3_omni_moe/modular_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen3_audio import Qwen3OmniEncoder, qwen3_audio
from llm_gallery.families.beside._qwen_vision import merger
from llm_gallery.families.qwen3_5 import vision
from llm_gallery.families.qwen3_vl import DeepVision


@config(
    "qwen3_omni_moe_vision_encoder",
    unused=(
        "apply_vit_abs_pos_embed", "image_size", "in_chans", "spatial_patch_size", "tokens_per_second",
    ),
)  # fmt: skip
class OmniVision(DeepVision):
    pass


@config(
    "qwen3_omni_moe_thinker",
    unused=("position_id_per_seconds", "seconds_per_chunk"),
)
class Thinker:
    vision_config: OmniVision
    audio_config: Qwen3OmniEncoder


def qwen3_omni_moe_thinker(c: Thinker, stream: int) -> tuple[Block, ...]:
    return towers_at(c, "")


def towers_at(c: Thinker, path: str) -> tuple[Block, ...]:
    """Both towers, stored below that path."""
    width = c.audio_config.d_model
    last = (
        linear("proj1", width, width, bias=True),
        linear("proj2", width, c.audio_config.output_dim, bias=True),
    )
    return (
        vision_tower(c.vision_config, f"{path}visual"),
        qwen3_audio(c.audio_config, f"{path}audio_tower", *last),
    )


def vision_tower(c: OmniVision, name: str) -> Block:
    """Qwen3-VL's tower with Qwen2-VL's names for its mergers: one for the last layer, one for each read before it."""
    whole = vision(c)
    width, wide = c.hidden_size, c.hidden_size * c.spatial_merge_size**2
    last = merger(layer_norm("ln_q", width), wide, c.out_hidden_size)
    before = merger(layer_norm("ln_q", wide), wide, c.out_hidden_size)
    others = (replace(before, name=str(i)) for i in range(len(c.deepstack_visual_indexes)))
    blocks = (part for part in whole.inside if part.name != "merger")
    return replace(whole, name=name, inside=(*blocks, last, group("merger_list", *others)))
