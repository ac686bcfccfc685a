"""Kimi K2: DeepSeek V3's architecture under another name, with fewer heads and more experts.

Reference: the release's own modeling_deepseek.py, https://huggingface.co/moonshotai/Kimi-K2-Base
Paper: https://arxiv.org/abs/2507.20534
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.deepseek_v3 import DeepseekV3, deepseek_v3


@config("kimi_k2", unused=("qk_head_dim",))
class KimiK2(DeepseekV3):
    pass


def kimi_k2(c: KimiK2) -> Block:
    return deepseek_v3(c)
