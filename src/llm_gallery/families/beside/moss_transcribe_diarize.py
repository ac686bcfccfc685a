"""MOSS Transcribe Diarize: Whisper's encoder, and two linear maps from several frames at once, with a norm after them.

Reference: transformers/models/moss_transcribe_diarize/modular_moss_transcribe_diarize.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._whisper import VoxtralEncoder, voxtral_encoder


@config("moss_transcribe_diarize_audio")
class MossEncoder(VoxtralEncoder):
    pass


@config("moss_transcribe_diarize", unused=("audio_chunk_size", "projector_hidden_act"))
class Moss:
    audio_config: MossEncoder
    audio_merge_size: Size
    projector_bias: bool


def moss_transcribe_diarize(c: Moss, stream: int) -> tuple[Block, ...]:
    frames = c.audio_config.hidden_size * c.audio_merge_size
    joined = (
        linear("linear_1", frames, stream, bias=c.projector_bias),
        linear("linear_2", stream, stream, bias=c.projector_bias),
        layer_norm("norm", stream),
    )
    return (
        voxtral_encoder(c.audio_config, "model.audio_tower"),
        Block("projector", "model.multi_modal_projector", inside=joined),
    )
