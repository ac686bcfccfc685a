"""Qwen2.5-Omni: the towers of its thinker; the talker and what makes a sound of its tokens are not described.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py
Paper: https://arxiv.org/abs/2503.20215
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside.qwen2_5_omni_thinker import Thinker, within


@config("qwen2_5_omni", unused=("token2wav_config", "talker_config"))
class Qwen25Omni:
    thinker_config: Thinker
    enable_audio_output: bool


def qwen2_5_omni(c: Qwen25Omni, stream: int) -> tuple[Block, ...]:
    return within(c.thinker_config, "thinker.")


def left_out(c: Qwen25Omni) -> tuple[str, ...]:
    """What speaks, where anything does."""
    return ("talker_config", "token2wav_config") if c.enable_audio_output else ()
