"""Voxtral Realtime: Mistral whose MLPs read a norm that is scaled by the delay; frames of sound are added to tokens.

Reference: transformers/models/voxtral_realtime/modular_voxtral_realtime.py
Paper: https://arxiv.org/abs/2602.11298
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    delay_scale,
    group,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Count, Depth, Size, config, multiple, stated
from llm_gallery.families._vision import filters, four_maps
from llm_gallery.families.llama import OF_LANGUAGE_MODEL, decoder, grouped_query, norm, swiglu
from llm_gallery.families.mistral import Mistral

RANK = 32
"""Between the two matrices that a layer reads the delay by: the class has no key for it."""


@config("voxtral_realtime_text", unused=("tie_word_embeddings",))
class VoxtralRealtimeText(Mistral):
    """Its tie is said outside."""

    tie_word_embeddings: bool = False


@config(
    "voxtral_realtime_encoder",
    unused=("activation_function", "max_position_embeddings", "rope_parameters", "sliding_window", "vocab_size"),
)  # fmt: skip
class VoxtralRealtimeEncoder:
    num_mel_bins: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    head_dim: Size
    hidden_act: str


@config("voxtral_realtime", unused=("audio_length_per_tok", "hidden_size", "projector_hidden_act"))
class VoxtralRealtime:
    text_config: VoxtralRealtimeText
    audio_config: VoxtralRealtimeEncoder
    downsample_factor: Size
    default_num_delay_tokens: Count
    tie_word_embeddings: bool


def voxtral_realtime(c: VoxtralRealtime) -> Block:
    text, audio = c.text_config, c.audio_config
    decoder_layer = delayed(text, c.default_num_delay_tokens)
    body = decoder(
        text,
        [decoder_layer] * text.num_hidden_layers,
        OF_LANGUAGE_MODEL,
        tied=stated(c, "tie_word_embeddings"),
    )
    joined = (
        linear("linear_1", audio.hidden_size * c.downsample_factor, text.hidden_size),
        linear("linear_2", text.hidden_size, text.hidden_size),
    )
    projector = Block("projector", "multi_modal_projector", inside=joined)
    return replace(body, inside=(*body.inside, causal_encoder(audio), projector))


def delayed(c: VoxtralRealtimeText, delay: int) -> Block:
    """Mistral's layer; the waves of a delay are as many as the stream has channels, half of them sines."""
    width = c.hidden_size
    multiple(width, 2, ("text_config.hidden_size", "2"))
    return layer(
        residual(norm(c, "input_layernorm"), grouped_query(c, window=c.sliding_window)),
        residual(
            norm(c, "post_attention_layernorm"),
            delay_scale("ada_rms_norm", width, RANK, delay),
            swiglu(c),
        ),
    )


def causal_encoder(c: VoxtralRealtimeEncoder) -> Block:
    """Whisper's two convolutions, and layers that see no later frame; keys, gate and up have no biases."""
    width, inner = c.hidden_size, c.num_attention_heads * c.head_dim
    attention = four_maps(width, inner, key_bias=False, output="o_proj")
    mlp = (
        linear("gate_proj", width, c.intermediate_size),
        linear("up_proj", width, c.intermediate_size),
        linear("down_proj", c.intermediate_size, width, bias=True),
    )
    decoder_layer = layer(
        rms_norm("self_attn_layer_norm", width),
        group("self_attn", *attention),
        rms_norm("final_layer_norm", width),
        group("mlp", *mlp),
    )
    inside = (
        filters("embedder.conv1", width, c.num_mel_bins, 3),
        filters("embedder.conv2", width, width, 3),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        rms_norm("norm", width),
    )
    return Block("audio_tower", "audio_tower", inside=inside)
