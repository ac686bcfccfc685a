"""IQuest Coder: Llama under another name; what its code had beside it is on in no release, and refused.

Reference: transformers/models/iquestcoder/modular_iquestcoder.py
Model: https://huggingface.co/IQuestLab/IQuest-Coder-V1-40B-Instruct
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, llama


@config("iquestcoder", unused=("sliding_window", "max_window_layers"))
class IQuestCoder(Llama):
    clip_qkv: None = None
    use_sliding_window: Literal[False] = False


def iquestcoder(c: IQuestCoder) -> Block:
    return llama(c)
