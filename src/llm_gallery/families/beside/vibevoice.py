"""VibeVoice: a tokenizer that hears and makes sound, an encoder of what is said, and a head that takes the noise from frames.

Reference: transformers/models/vibevoice/modular_vibevoice.py
Paper: https://arxiv.org/abs/2508.19205
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, linear, rms_norm
from llm_gallery.families._config import config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._vibevoice import (
    DiffusionHead,
    SpeechEncoder,
    SpeechTokenizer,
    decoder,
    diffusion_head,
    encoder,
    sizes,
)


@config("vibevoice", unused=("audio_bos_token_id", "audio_eos_token_id", "diffusion_loss_weight"))
class VibeVoice:
    audio_config: SpeechTokenizer
    semantic_model_config: SpeechEncoder
    diffusion_head_config: DiffusionHead


def vibevoice(c: VibeVoice, stream: int) -> tuple[Block, ...]:
    sound, words = c.audio_config, c.semantic_model_config
    heard = sizes(sound, "audio_config")
    said = encoder(sizes(words, "semantic_model_config"))
    return (
        Block("audio_tower", "model.audio_tower.encoder", inside=encoder(heard)),
        Block("speech_decoder", "model.audio_tower.decoder", inside=decoder(heard)),
        Block("audio_tower", "model.semantic_tokenizer_encoder", inside=said),
        _connector("model.multi_modal_projector", sound, stream),
        _connector("model.semantic_connector", words, stream),
        diffusion_head(c.diffusion_head_config, "model.diffusion_head", sound.hidden_size, stream),
        Block("projector", "", inside=(_scale(),)),
    )


def _connector(name: str, c: SpeechEncoder, stream: int) -> Block:
    """A linear map to the stream's width, a norm, and another map."""
    inside = (
        linear("linear_1", c.hidden_size, stream, bias=True),
        rms_norm("act", stream),
        linear("linear_2", stream, stream, bias=True),
    )
    return Block("projector", name, inside=inside)


def _scale() -> Block:
    """By which numbers what is heard is shifted and scaled before it is brought to the stream."""
    return group(
        "model",
        tensor_block("", Tensor("latent_scaling_factor", ()), Tensor("latent_bias_factor", ())),
    )
