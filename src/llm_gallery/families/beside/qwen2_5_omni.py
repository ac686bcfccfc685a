"""Qwen2.5-Omni: the towers of its thinker, a talker that writes codes of sound, and a speech decoder.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py
Paper: https://arxiv.org/abs/2503.20215
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen2_5_talker import Talker, talker
from llm_gallery.families.beside._qwen2_5_token2wav import Token2Wav, token2wav
from llm_gallery.families.beside.qwen2_5_omni_thinker import Thinker, towers_at


@config("qwen2_5_omni", unused=("enable_talker",))
class Qwen25Omni:
    thinker_config: Thinker
    enable_audio_output: bool
    talker_config: Talker | None = None
    token2wav_config: Token2Wav | None = None


def qwen2_5_omni(c: Qwen25Omni, stream: int) -> tuple[Block, ...]:
    towers = towers_at(c.thinker_config, "thinker.")
    if not c.enable_audio_output:
        return towers
    speaks = [talker(c.talker_config, "talker")] if c.talker_config else []
    sounds = [token2wav(c.token2wav_config, "token2wav")] if c.token2wav_config else []
    return (*towers, *speaks, *sounds)


def left_out(c: Qwen25Omni) -> tuple[str, ...]:
    """What speaks, where anything does and the config doesn't say how."""
    parts = ("talker_config", "token2wav_config") if c.enable_audio_output else ()
    return tuple(key for key in parts if getattr(c, key) is None)
