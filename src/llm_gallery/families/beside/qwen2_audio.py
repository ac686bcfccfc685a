"""Qwen2-Audio: Whisper's encoder, and a linear map to the stream's width.

Reference: transformers/models/qwen2_audio/modeling_qwen2_audio.py
Paper: https://arxiv.org/abs/2407.10759
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._whisper import WhisperEncoder, whisper


@config("qwen2_audio", unused=("vocab_size",))
class Qwen2Audio:
    audio_config: WhisperEncoder


def qwen2_audio(c: Qwen2Audio, stream: int) -> tuple[Block, ...]:
    joined = linear("linear", c.audio_config.d_model, stream, bias=True)
    return (
        whisper(c.audio_config),
        Block("projector", "multi_modal_projector", inside=(joined,)),
    )
