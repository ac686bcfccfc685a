"""North Micro Vision: a small Command R7B under Qwen3-VL's tower, whose middle layers feed its first layers too.

Reference: transformers/models/cohere_compass/modular_cohere_compass.py
Model: https://huggingface.co/CohereLabs/North-Micro-Vision-Instruct
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config, stated
from llm_gallery.families._wrapped import wrapped
from llm_gallery.families.cohere_compass_text import CohereCompassText
from llm_gallery.families.qwen3_vl import DeepVision, deep_vision


@config("cohere_compass_vision")
class CompassVision(DeepVision):
    pass


@config("cohere_compass")
class CohereCompass:
    text_config: CohereCompassText
    vision_config: CompassVision
    tie_word_embeddings: bool


def cohere_compass(c: CohereCompass) -> Block:
    tied = stated(c, "tie_word_embeddings")
    body = wrapped(c.text_config, "model.language_model", "lm_head", tied, heeds=("logit_scale",))
    return replace(body, inside=(*body.inside, deep_vision(c.vision_config)))
