"""GPT-SW3: GPT-2 under a name of its own.

Reference: transformers/models/gpt2/modeling_gpt2.py
Paper: https://arxiv.org/abs/2305.12987
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.gpt2 import Gpt2, gpt2


@config("gpt_sw3")
class GptSw3(Gpt2):
    pass


def gpt_sw3(c: GptSw3) -> Block:
    return gpt2(c)
