"""Qwen3: Qwen2 with q and k normed head by head instead of biased, and a head size of its own.

Reference: transformers/models/qwen3/modular_qwen3.py
Paper: https://arxiv.org/abs/2505.09388
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen2 import Qwen2, windows


@config("qwen3")
class Qwen3(Qwen2):
    pass


def qwen3(c: Qwen3) -> Block:
    return decoder(c, each(windows(c), lambda window: decoder_layer(c, window)))


def decoder_layer(c: Qwen3, window: int | None) -> Block:
    return pre_norm(c, grouped_query(c, qk_norm="per head", window=window), swiglu(c))
