"""Dream: Qwen2.5 turned into a masked diffusion model: the same layers, in which every token sees all others.

A step guesses all masked tokens of a text at once, and computes the whole text for it.

Reference: modeling_dream.py of the release (transformers has no such type)
Model: https://huggingface.co/Dream-org/Dream-v0-Base-7B
Paper: https://arxiv.org/abs/2508.15487
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import bidirectional
from llm_gallery.families._config import Count, Length, config
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen2 import Qwen2


@config("Dream", unused=("max_window_layers", "sliding_window"), classes=("DreamModel",))
class Dream(Qwen2):
    """Without a window, whose code the release never calls."""

    use_sliding_window: Literal[False] = False
    sliding_window: Length | None = None
    max_window_layers: Count = 28
    layer_types: None = None
    tie_word_embeddings: bool = False


def dream(c: Dream) -> Block:
    attention = bidirectional(grouped_query(c, bias=True, output_bias=False))
    return decoder(c, [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers)
