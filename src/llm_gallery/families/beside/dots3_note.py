"""dots3-note: a vision tower with experts, and an encoder of sounds with a gated MLP, each with its own map to the stream.

Reference: transformers/models/dots3_note/modeling_dots3_note.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, rms_norm, stack
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Size, config, multiple, same
from llm_gallery.families._vision import filters, four_maps
from llm_gallery.families.beside._dots3_vision import DotsVision, dots_vision

OF_WHISPER = {
    "d_model": "hidden_size",
    "encoder_attention_heads": "num_attention_heads",
    "encoder_layers": "num_hidden_layers",
    "encoder_ffn_dim": "intermediate_size",
    "num_mel_bins": "feature_size",
}
"""Sizes by the names that releases have for them, within `whisper_config`."""
NOT_SIZED = (
    "conv_output_size", "head_dim", "hidden_act", "hop_length", "max_position_embeddings", "num_key_value_heads",
    "rope_parameters", "samples_per_token", "sampling_rate",
)  # fmt: skip


@config("dots3_note_audio_encoder", unused=NOT_SIZED)
class DotsAudio:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    feature_size: Size
    downsample_hidden_size: Size
    attention_bias: bool
    adapter_input_size: Size
    adapter_out_dim: Size
    whisper_config: dict[str, Any] | None = None


@config("dots3_note", unused=("audio_token_id", "video_token_id"))
class Dots3Note:
    vision_config: DotsVision
    audio_config: DotsAudio


def dots3_note(c: Dots3Note, stream: int) -> tuple[Block, ...]:
    """Both parts hold their own maps, which must give the stream's width."""
    for key, part in (("vision_config", c.vision_config), ("audio_config", c.audio_config)):
        same(part.adapter_out_dim, stream, (f"{key}.adapter_out_dim", "text_config.hidden_size"))
    return dots_vision(c.vision_config, "vision_encoder"), dots_audio(c.audio_config)


def dots_audio(c: DotsAudio) -> Block:
    """Three convolutions that halve frames and bins, and layers whose MLPs have gate and up in one matrix."""
    sizes = sized(c)
    width, inner = sizes["hidden_size"], sizes["intermediate_size"]
    heads = ("audio_config.hidden_size", "audio_config.num_attention_heads")
    multiple(width, sizes["num_attention_heads"], heads)
    same(c.adapter_input_size, width, ("audio_config.adapter_input_size", heads[0]))
    channels, bins = c.downsample_hidden_size, (sizes["feature_size"] + 7) // 8
    decoder_layer = layer(
        rms_norm("self_attn_layer_norm", width),
        group("self_attn", *four_maps(width, bias=c.attention_bias, key_bias=False)),
        rms_norm("final_layer_norm", width),
        linear("fc1", width, 2 * inner, role=("gate", "up"), bias=True),
        linear("fc2", inner, width, bias=True),
    )
    encoder = (
        *(filters(f"conv2d{i + 1}", channels, channels if i else 1, 3, 3) for i in range(3)),
        linear("conv_out", channels * bins, width),
        stack("layers", [decoder_layer] * sizes["num_hidden_layers"]),
        rms_norm("layer_norm", width),
    )
    adapter = (
        layer_norm("0", width),
        linear("1", width, c.adapter_out_dim, bias=True),
        linear("3", c.adapter_out_dim, c.adapter_out_dim, bias=True),
    )
    inside = (group("dots_encoder.speech_encoder", *encoder), group("audio_adapter.proj", *adapter))
    return Block("audio_tower", "audio_encoder", inside=inside)


def sized(c: DotsAudio) -> Mapping[str, int]:
    """The sizes, as `whisper_config` says them where it does. Raises Refusal where it says something else."""
    sizes = {name: getattr(c, name) for name in OF_WHISPER.values()}
    for key, name in OF_WHISPER.items():
        value = (c.whisper_config or {}).get(key, sizes[name])
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**20:
            raise Refusal(
                f"audio_config.whisper_config.{key} is {quoted(value)}, expected a size; correct it"
            )
        sizes[name] = value
    return sizes
