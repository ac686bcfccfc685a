"""Qwen3-Omni: the towers of its thinker, a talker that writes codes of sound, and a speech decoder.

Reference: transformers/models/qwen3_omni_moe/modular_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen3_code2wav import Code2Wav, code2wav
from llm_gallery.families.beside._qwen3_talker import Talker, talker
from llm_gallery.families.beside.qwen3_omni_moe_thinker import Thinker, towers_at

IDS = (
    "assistant_token_id", "im_end_token_id", "im_start_token_id", "system_token_id", "tts_bos_token_id",
    "tts_eos_token_id", "tts_pad_token_id",
)  # fmt: skip


@config("qwen3_omni_moe", unused=IDS)
class Qwen3OmniMoe:
    thinker_config: Thinker
    enable_audio_output: bool
    talker_config: Talker | None = None
    code2wav_config: Code2Wav | None = None


def qwen3_omni_moe(c: Qwen3OmniMoe, stream: int) -> tuple[Block, ...]:
    towers = towers_at(c.thinker_config, "thinker.")
    if not c.enable_audio_output:
        return towers
    speaks = [talker(c.talker_config, "talker")] if c.talker_config else []
    sounds = [code2wav(c.code2wav_config, "code2wav")] if c.code2wav_config else []
    return (*towers, *speaks, *sounds)


def left_out(c: Qwen3OmniMoe) -> tuple[str, ...]:
    """What speaks, where anything does and the config doesn't say how."""
    parts = ("talker_config", "code2wav_config") if c.enable_audio_output else ()
    return tuple(key for key in parts if getattr(c, key) is None)
