"""Qwen3.8-Flash-Next with Qwen3.5's vision tower, which is counted apart from the text model.

Reference: transformers/models/qwen4_exp/modular_qwen4_exp.py
Paper: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.families._config import altered, config, stated
from llm_gallery.families._vision import outer_tie
from llm_gallery.families.qwen3_5 import QwenVision, with_tower
from llm_gallery.families.qwen4_exp_text import Qwen4ExpText, text


@config("qwen4_exp", unused=("language_model_only",))
class Qwen4Exp:
    text_config: Qwen4ExpText
    vision_config: QwenVision
    tie_word_embeddings: bool


def qwen4_exp(c: Qwen4Exp) -> Block:
    body = text(c.text_config, "model.language_model", outer_tie(c))
    return with_tower(body, fitted(c.vision_config, c.text_config))


def fitted(c: QwenVision, text: Qwen4ExpText) -> QwenVision:
    """The tower's output joins the stream, so it has the stream's width where nobody states another."""
    if stated(c, "out_hidden_size").evidence == "stated":
        return c
    return altered(c, out_hidden_size=derived(text.hidden_size * 1, "hidden_size"))
