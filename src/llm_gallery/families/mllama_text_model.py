"""Llama 3.2 Vision's language model alone: its layers that read pictures are stored, and a text passes them by.

Reference: transformers/models/mllama/modeling_mllama.py, MllamaForCausalLM
Paper: https://arxiv.org/abs/2407.21783
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names
from llm_gallery.families.mllama import MllamaText, text


def mllama_text_model(c: MllamaText) -> Block:
    return text(c, Names())
