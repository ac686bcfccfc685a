"""DiffusionGemma: Gemma 4's vision tower, and the linear map from its width to the stream's.

Reference: transformers/models/diffusion_gemma/modular_diffusion_gemma.py
Model: https://huggingface.co/google/diffusiongemma-26B-A4B-it
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.gemma4 import Vision, projector, vision

PICTURES_END = "model.encoder"
"""The tower stands beside what reads a text; what denoises a canvas sees no pictures."""


@config("diffusion_gemma")
class DiffusionGemma:
    vision_config: Vision


def diffusion_gemma(c: DiffusionGemma, stream: int) -> tuple[Block, ...]:
    seen = vision(c.vision_config), projector("vision", c.vision_config.hidden_size, stream)
    return tuple(replace(part, name=part.name.replace("model", PICTURES_END, 1)) for part in seen)
