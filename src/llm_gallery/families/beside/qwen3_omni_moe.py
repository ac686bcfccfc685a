"""Qwen3-Omni: the towers of its thinker; the talker and what makes a sound of its tokens are not described.

Reference: transformers/models/qwen3_omni_moe/modular_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside.qwen3_omni_moe_thinker import Thinker, within

IDS = (
    "assistant_token_id", "im_end_token_id", "im_start_token_id", "system_token_id", "tts_bos_token_id",
    "tts_eos_token_id", "tts_pad_token_id",
)  # fmt: skip


@config("qwen3_omni_moe", unused=("code2wav_config", "talker_config", *IDS))
class Qwen3OmniMoe:
    thinker_config: Thinker
    enable_audio_output: bool


def qwen3_omni_moe(c: Qwen3OmniMoe, stream: int) -> tuple[Block, ...]:
    return within(c.thinker_config, "thinker.")


def left_out(c: Qwen3OmniMoe) -> tuple[str, ...]:
    """What speaks, where anything does."""
    return ("talker_config", "code2wav_config") if c.enable_audio_output else ()
