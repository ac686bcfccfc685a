"""Gemma 3 with its SigLIP vision tower, which is counted apart from the text model.

Reference: transformers/models/gemma3/modular_gemma3.py
Paper: https://arxiv.org/abs/2503.19786
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, config, stated
from llm_gallery.families.beside._siglip import Siglip, siglip, soft_tokens
from llm_gallery.families.gemma3_text import Gemma3Text, text
from llm_gallery.families.llama import OF_LANGUAGE_MODEL


@config("gemma3")
class Gemma3:
    text_config: Gemma3Text
    vision_config: Siglip
    mm_tokens_per_image: Count | None
    tie_word_embeddings: bool | None


def gemma3(c: Gemma3) -> Block:
    body = text(c.text_config, OF_LANGUAGE_MODEL, stated(c, "tie_word_embeddings"))
    width = c.vision_config.hidden_size
    joined = soft_tokens(width, c.text_config.hidden_size, "multi_modal_projector")
    beside = (siglip(c.vision_config), joined)
    return replace(body, inside=(*body.inside, *beside))
