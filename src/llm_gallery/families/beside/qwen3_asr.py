"""Qwen3-ASR: Qwen3's audio encoder, and two linear maps to a width that the config states.

Reference: transformers/models/qwen3_asr/modular_qwen3_asr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._qwen3_audio import Qwen3AsrEncoder, qwen3_audio


@config("qwen3_asr", unused=("token_classification_bias",))
class Qwen3Asr:
    audio_config: Qwen3AsrEncoder


def qwen3_asr(c: Qwen3Asr, stream: int) -> tuple[Block, ...]:
    width = c.audio_config.d_model
    joined = (
        linear("linear_1", width, width, bias=True),
        linear("linear_2", width, c.audio_config.output_dim, bias=True),
    )
    return (
        qwen3_audio(c.audio_config, "model.audio_tower"),
        Block("projector", "model.multi_modal_projector", inside=joined),
    )
