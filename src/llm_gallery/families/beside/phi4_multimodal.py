"""Phi-4 multimodal: SigLIP with its pooling head, a conformer, and two linear maps from each to the stream's width.

Reference: transformers/models/phi4_multimodal/modular_phi4_multimodal.py
Paper: https://arxiv.org/abs/2503.01743
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._phi4_audio import Phi4Audio, phi4_audio
from llm_gallery.families.beside._siglip import Siglip, siglip

PICTURES = "model.embed_tokens_extend.image_embed"
SOUNDS = "model.embed_tokens_extend.audio_embed"


@config("phi4_multimodal_vision", unused=("crop_size", "feature_layer", "vision_use_head"))
class Phi4Vision(Siglip):
    vision_use_head: bool = True  # no such key: always stored


@config("phi4_multimodal")
class Phi4Multimodal:
    vision_config: Phi4Vision
    audio_config: Phi4Audio


def phi4_multimodal(c: Phi4Multimodal, stream: int) -> tuple[Block, ...]:
    """What frames become is read in one way beside pictures, in another alone."""
    seen = int(c.vision_config.hidden_size)
    heard = c.audio_config.hidden_size * c.audio_config.downsample_rate
    ends = (
        Tensor("global_img_feature_extensor", (1, 1, seen)),
        Tensor("sub_img_feature_extensor", (1, 1, 1, seen)),
    )
    of_pictures = (
        tensor_block("", *ends),
        linear("img_projection_up", seen, stream, bias=True),
        linear("img_projection_down", stream, stream, bias=True),
    )
    of_sounds = [
        part
        for beside in ("speech", "vision_speech")
        for part in (
            linear(f"up_proj_for_{beside}", heard, stream, bias=True),
            linear(f"down_proj_for_{beside}", stream, stream, bias=True),
        )
    ]
    return (
        siglip(c.vision_config, f"{PICTURES}.img_processor"),
        Block("projector", PICTURES, inside=of_pictures),
        phi4_audio(c.audio_config, f"{SOUNDS}.encoder"),
        Block("projector", SOUNDS, inside=tuple(of_sounds)),
    )
