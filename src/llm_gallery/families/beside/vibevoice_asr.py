"""VibeVoice ASR: two encoders of the samples themselves, for how speech sounds and for what it says, added up in the stream.

Reference: transformers/models/vibevoice_asr/modular_vibevoice_asr.py, vibevoice_acoustic_tokenizer
Paper: https://arxiv.org/abs/2601.18184
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, linear, plain_mlp, rms_norm, stack
from llm_gallery.families._config import Count, Size, config, exactly
from llm_gallery.families._vision import filters, tensor_block


@config("vibevoice_acoustic_tokenizer_encoder", unused=("layer_scale_init_value", "vae_std"))
class SpeechEncoder:
    channels: Size
    hidden_size: Size
    kernel_size: Size
    num_filters: Size
    downsampling_ratios: tuple[Size, ...]
    depths: tuple[Count, ...]
    ffn_expansion: Size
    hidden_act: str


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
    joined = (part for name, one in both.items() for part in joining(name, one, stream))
    return (
        *(encoder(f"{name}_tokenizer_encoder", one) for name, one in both.items()),
        Block("projector", "multi_modal_projector", inside=tuple(joined)),
    )


def joining(name: str, c: SpeechEncoder, stream: int) -> tuple[Block, ...]:
    """A linear map to the stream's width, a norm, and another."""
    return (
        linear(f"{name}_linear_1", c.hidden_size, stream, bias=True),
        rms_norm(f"{name}_norm", stream),
        linear(f"{name}_linear_2", stream, stream, bias=True),
    )


def encoder(name: str, c: SpeechEncoder) -> Block:
    """Stages that are twice as wide each, and as many times slower as the config says."""
    where = f"{name}_config"
    exactly(c.depths, len(c.downsampling_ratios) + 1, f"{where}.depths")
    last = c.num_filters * 2 ** len(c.downsampling_ratios)
    inside = (
        group(
            "stem",
            filters("conv.conv", c.num_filters, c.channels, c.kernel_size),
            stack("stage", [block(c, int(c.num_filters))] * c.depths[0]),
        ),
        *(group(f"conv_layers.{index}", *stage) for index, stage in enumerate(stages(c))),
        filters("head.conv", c.hidden_size, last, c.kernel_size),
    )
    return Block("audio_tower", name, inside=inside)


def stages(c: SpeechEncoder) -> Iterator[tuple[Block, Block]]:
    """A convolution over two steps of the samples that it keeps of so many, and its blocks."""
    width = int(c.num_filters)
    for ratio, depth in zip(c.downsampling_ratios, c.depths[1:], strict=True):
        slower = filters("conv.conv", 2 * width, width, 2 * ratio)
        width *= 2
        yield slower, stack("stage", [block(c, width)] * depth)


def block(c: SpeechEncoder, width: int) -> Block:
    """ConvNeXt's: each channel over its own samples, then an MLP; a norm before and learned scales after both."""
    mlp = plain_mlp(
        "ffn",
        width=width,
        inner=width * c.ffn_expansion,
        activation=c.hidden_act,
        names=("linear1", "linear2"),
        bias=True,
    )
    return layer(
        rms_norm("norm", width),
        filters("mixer.conv", width, 1, c.kernel_size),
        rms_norm("ffn_norm", width),
        mlp,
        tensor_block("", Tensor("gamma", (width,)), Tensor("ffn_gamma", (width,))),
    )
