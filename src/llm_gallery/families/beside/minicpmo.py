"""MiniCPM-o 2.6: MiniCPM-V's parts, and Whisper's encoder with two maps to the stream; what speaks is not described.

Reference: vllm/model_executor/models/minicpmo.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._resampler import OwnTower, vision_tower
from llm_gallery.families.beside._whisper import WhisperEncoder, whisper
from llm_gallery.families.beside.minicpmv import OF_THE_PICTURES

OF_THE_WHOLE = (
    "apply_spec_augment", "begin_suppress_tokens", "classifier_proj_size", "decoder_attention_heads",
    "decoder_ffn_dim", "decoder_layerdrop", "decoder_layers", "decoder_start_token_id", "dropout",
    "encoder_layerdrop", "forced_decoder_ids", "init_std", "is_encoder_decoder", "mask_feature_length",
    "mask_feature_min_masks", "mask_feature_prob", "mask_time_length", "mask_time_min_masks", "mask_time_prob",
    "max_length", "max_target_positions", "median_filter_width", "num_hidden_layers", "suppress_tokens",
    "use_weighted_layer_sum", "vocab_size",
)  # fmt: skip
"""Whisper's keys that its encoder alone doesn't read."""


@config("whisper", unused=OF_THE_WHOLE)
class OwnWhisper(WhisperEncoder):
    """Whisper's own configuration class fills these in."""

    num_mel_bins: Size = 80
    max_source_positions: Size = 1500
    activation_function: str = "gelu"


@config("minicpmo", unused=(*OF_THE_PICTURES, "tts_config"))
class MiniCpmO:
    vision_config: OwnTower
    audio_config: OwnWhisper
    query_num: Size = 64
    drop_vision_last_layer: bool = True
    init_vision: bool = True
    init_audio: bool = True
    init_tts: bool = True


def minicpmo(c: MiniCpmO, stream: int) -> tuple[Block, ...]:
    """A release may come without eyes or ears."""
    last = c.drop_vision_last_layer
    seen = vision_tower(c.vision_config, queries=c.query_num, stream=stream, without_last=last)
    return (
        *(seen if c.init_vision else ()),
        *(audio_encoder(c.audio_config, stream) if c.init_audio else ()),
    )


def audio_encoder(c: WhisperEncoder, stream: int) -> Iterator[Block]:
    """The maps read a quarter of the width of the encoder's MLP, which is the encoder's own in each release."""
    inputs = c.encoder_ffn_dim // 4
    joined = (
        linear("linear1", inputs, stream, bias=True),
        linear("linear2", stream, stream, bias=True),
    )
    yield replace(whisper(c), name="apm")
    yield Block("projector", "audio_projection_layer", inside=joined)


def left_out(c: MiniCpmO) -> tuple[str, ...]:
    """What speaks, where anything does."""
    return ("tts_config",) if c.init_tts else ()
