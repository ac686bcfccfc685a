"""Qwen3.5 MoE with Qwen3.5's vision tower, which is counted apart from the text model.

Reference: transformers/models/qwen3_5_moe/modular_qwen3_5_moe.py
Model: https://huggingface.co/Qwen/Qwen3.5-397B-A17B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config, stated
from llm_gallery.families.qwen3_5 import QwenVision, with_tower
from llm_gallery.families.qwen3_5_moe_text import Qwen35MoeText, text


@config("qwen3_5_moe", unused=("language_model_only",))
class Qwen35Moe:
    text_config: Qwen35MoeText
    vision_config: QwenVision | None = None
    tie_word_embeddings: bool


def qwen3_5_moe(c: Qwen35Moe) -> Block:
    body = text(c.text_config, body="model.language_model", tied=stated(c, "tie_word_embeddings"))
    return with_tower(body, c.vision_config)
