"""Whisper's encoder: two convolutions over the frames of a spectrogram, positions, and pre-norm layers.

Reference: transformers/models/qwen2_audio/modeling_qwen2_audio.py, voxtral/modeling_voxtral.py
Paper: https://arxiv.org/abs/2212.04356
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import filters, four_maps


@config("qwen2_audio_encoder", unused=("scale_embedding",))
class WhisperEncoder:
    num_mel_bins: Size
    d_model: Size
    encoder_layers: Depth
    encoder_attention_heads: Size
    encoder_ffn_dim: Size
    max_source_positions: Size
    activation_function: str


@config(
    "voxtral_encoder", unused=("head_dim", "num_key_value_heads", "scale_embedding", "vocab_size")
)
class VoxtralEncoder:
    num_mel_bins: Size
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    intermediate_size: Size
    max_source_positions: Size
    activation_function: str


def whisper(c: WhisperEncoder) -> Block:
    """As Qwen2-Audio has it: the sinusoids of the positions are stored."""
    width = c.d_model
    checked(width, c.encoder_attention_heads, ("d_model", "encoder_attention_heads"))
    decoder_layer = encoder_layer(width, c.encoder_ffn_dim)
    return _whole(width, c.num_mel_bins, c.max_source_positions, [decoder_layer] * c.encoder_layers)


def voxtral_encoder(c: VoxtralEncoder, name: str = "audio_tower") -> Block:
    """The same under other keys."""
    width = c.hidden_size
    checked(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    decoder_layer = encoder_layer(width, c.intermediate_size)
    whole = _whole(
        width, c.num_mel_bins, c.max_source_positions, [decoder_layer] * c.num_hidden_layers
    )
    return replace(whole, name=name)


def _whole(width: int, bins: int, positions: int, layers: list[Block]) -> Block:
    inside = (
        *frames(width, bins),
        learned_positions("embed_positions", positions, width),
        stack("layers", layers),
        layer_norm("layer_norm", width),
    )
    return Block("audio_tower", "audio_tower", inside=inside)


def checked(width: int, heads: int, keys: tuple[str, str]) -> int:
    """The width of one head; refuses heads that don't divide the width."""
    width_key, heads_key = keys
    return multiple(width, heads, (f"audio_config.{width_key}", f"audio_config.{heads_key}"))


def frames(width: int, bins: int) -> tuple[Block, Block]:
    """Two convolutions over three frames each, the second of which leaves every other frame."""
    return filters("conv1", width, bins, 3), filters("conv2", width, width, 3)


def encoder_layer(width: int, inner: int, *, key_bias: bool = False) -> Block:
    """Attention, whose keys have no bias in most, and two linear maps, with LayerNorm before both."""
    attention = group("self_attn", *four_maps(width, key_bias=key_bias))
    return layer(
        layer_norm("self_attn_layer_norm", width),
        attention,
        layer_norm("final_layer_norm", width),
        linear("fc1", width, inner, bias=True),
        linear("fc2", inner, width, bias=True),
    )
