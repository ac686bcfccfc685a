"""Qwen2.5-Omni's thinker: Qwen2.5-VL's vision tower and Whisper's encoder, both of which end at the stream's width.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py
Paper: https://arxiv.org/abs/2503.20215
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._qwen_vision import Qwen25Vision, qwen2_5_vision
from llm_gallery.families.beside._whisper import checked, encoder_layer, frames


@config("qwen2_5_omni_vision_encoder", unused=("embed_dim",))
class OmniVision(Qwen25Vision):
    pass


@config(
    "qwen2_5_omni_audio_encoder", unused=("max_source_positions", "n_window", "scale_embedding")
)
class OmniAudio:
    num_mel_bins: Size
    d_model: Size
    encoder_layers: Depth
    encoder_attention_heads: Size
    encoder_ffn_dim: Size
    output_dim: Size
    activation_function: str


@config("qwen2_5_omni_thinker", unused=("position_id_per_seconds", "seconds_per_chunk"))
class Thinker:
    vision_config: OmniVision
    audio_config: OmniAudio


def qwen2_5_omni_thinker(c: Thinker, stream: int) -> tuple[Block, ...]:
    return towers_at(c, "")


def towers_at(c: Thinker, path: str) -> tuple[Block, ...]:
    """Both towers, stored below that path; the vision tower keeps queries, keys and values apart."""
    width = c.vision_config.hidden_size
    apart = tuple(linear(name, width, width, bias=True) for name in ("q", "k", "v", "proj"))
    return (
        qwen2_5_vision(c.vision_config, f"{path}visual", apart),
        audio(c.audio_config, f"{path}audio_tower"),
    )


def audio(c: OmniAudio, name: str) -> Block:
    """Whisper's encoder with its sinusoids computed, and rows that begin and end a sound."""
    width = c.d_model
    checked(width, c.encoder_attention_heads, ("d_model", "encoder_attention_heads"))
    decoder_layer = encoder_layer(width, c.encoder_ffn_dim)
    inside = (
        *frames(width, c.num_mel_bins),
        tensor_block("audio_bos_eos_token", Tensor("weight", (2, int(c.output_dim)))),
        stack("layers", [decoder_layer] * c.encoder_layers),
        layer_norm("ln_post", width),
        linear("proj", width, c.output_dim, bias=True),
    )
    return Block("audio_tower", name, inside=inside)
