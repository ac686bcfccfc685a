"""Qwen3's audio encoder: three convolutions over time and frequency, sinusoids, and Whisper's layers with all biases.

Reference: transformers/models/qwen3_asr/modeling_qwen3_asr.py, qwen3_omni_moe/modeling_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import filters
from llm_gallery.families.beside._whisper import checked, encoder_layer

UNUSED = (
    "conv_chunksize", "max_position_embeddings", "max_source_positions", "n_window", "n_window_infer",
    "scale_embedding",
)  # fmt: skip


@config("qwen3_asr_encoder", unused=UNUSED)
class Qwen3AsrEncoder:
    num_mel_bins: Size
    d_model: Size
    encoder_layers: Depth
    encoder_attention_heads: Size
    encoder_ffn_dim: Size
    downsample_hidden_size: Size
    output_dim: Size
    activation_function: str


@config("qwen3_omni_moe_audio_encoder")
class Qwen3OmniEncoder(Qwen3AsrEncoder):
    pass


def qwen3_audio(c: Qwen3AsrEncoder, name: str, *last: Block) -> Block:
    """Each convolution halves the frames and the bins of a spectrogram; what it leaves of a frame is one row."""
    width, channels = c.d_model, c.downsample_hidden_size
    checked(width, c.encoder_attention_heads, ("d_model", "encoder_attention_heads"))
    left = c.num_mel_bins
    for _ in range(3):
        left = (left + 1) // 2
    decoder_layer = encoder_layer(width, c.encoder_ffn_dim, key_bias=True)
    inside = (
        filters("conv2d1", channels, 1, 3, 3),
        filters("conv2d2", channels, channels, 3, 3),
        filters("conv2d3", channels, channels, 3, 3),
        linear("conv_out", channels * left, width),
        stack("layers", [decoder_layer] * c.encoder_layers),
        layer_norm("ln_post", width),
        *last,
    )
    return Block("audio_tower", name, inside=inside)
