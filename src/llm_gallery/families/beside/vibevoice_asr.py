"""VibeVoice ASR: two encoders of the samples themselves, for how speech sounds and for what it says, added up in the stream.

Reference: transformers/models/vibevoice_asr/modular_vibevoice_asr.py, vibevoice_acoustic_tokenizer
Paper: https://arxiv.org/abs/2601.18184
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear, rms_norm
from llm_gallery.families._config import config
from llm_gallery.families.beside._vibevoice import SpeechEncoder, encoder, sizes


@config(
    "vibevoice_asr",
    unused=(
        "acoustic_tokenizer_chunk_size", "audio_bos_token_id", "audio_eos_token_id", "max_position_embeddings",
    ),
)  # fmt: skip
class VibeVoiceAsr:
    acoustic_tokenizer_encoder_config: SpeechEncoder
    semantic_tokenizer_encoder_config: SpeechEncoder


def vibevoice_asr(c: VibeVoiceAsr, stream: int) -> tuple[Block, ...]:
    both = {
        "acoustic": c.acoustic_tokenizer_encoder_config,
        "semantic": c.semantic_tokenizer_encoder_config,
    }
    joined = (
        part
        for name, speech_encoder in both.items()
        for part in joining(name, speech_encoder, stream)
    )
    return (
        *(
            _tower(f"{name}_tokenizer_encoder", speech_encoder)
            for name, speech_encoder in both.items()
        ),
        Block("projector", "multi_modal_projector", inside=tuple(joined)),
    )


def _tower(name: str, c: SpeechEncoder) -> Block:
    return Block("audio_tower", name, inside=encoder(sizes(c, f"{name}_config")))


def joining(name: str, c: SpeechEncoder, stream: int) -> tuple[Block, ...]:
    """A linear map to the stream's width, a norm, and another."""
    return (
        linear(f"{name}_linear_1", c.hidden_size, stream, bias=True),
        rms_norm(f"{name}_norm", stream),
        linear(f"{name}_linear_2", stream, stream, bias=True),
    )
