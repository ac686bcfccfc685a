"""Voxtral: Whisper's encoder, and two linear maps from several frames at once to the stream's width.

Reference: transformers/models/voxtral/modular_voxtral.py
Paper: https://arxiv.org/abs/2507.13264
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._whisper import VoxtralEncoder, voxtral_encoder


@config("voxtral", unused=("hidden_size", "projector_hidden_act", "vocab_size"))
class Voxtral:
    audio_config: VoxtralEncoder


def voxtral(c: Voxtral, stream: int) -> tuple[Block, ...]:
    """The frames that are joined are as wide together as the encoder's MLP: the reference asks for no more."""
    joined = (
        linear("linear_1", c.audio_config.intermediate_size, stream),
        linear("linear_2", stream, stream),
    )
    return (
        voxtral_encoder(c.audio_config),
        Block("projector", "multi_modal_projector", inside=joined),
    )
