"""VibeVoice's tokenizers: what turns samples to a few channels of 7.5 frames a second, and back; and its diffusion head.

Reference: transformers/models/vibevoice_acoustic_tokenizer, transformers/models/vibevoice
Paper: https://arxiv.org/abs/2508.19205
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    linear,
    plain_mlp,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Count, Depth, Size, config, exactly
from llm_gallery.families._vision import filters, stretching, tensor_block

UNUSED = ("layer_scale_init_value", "vae_std")


@config("vibevoice_acoustic_tokenizer_encoder", unused=UNUSED)
class SpeechEncoder:
    channels: Size
    hidden_size: Size
    kernel_size: Size
    num_filters: Size
    downsampling_ratios: tuple[Size, ...]
    depths: tuple[Count, ...]
    ffn_expansion: Size
    hidden_act: str


@config("vibevoice_acoustic_tokenizer", unused=UNUSED)
class SpeechTokenizer(SpeechEncoder):
    """The same keys, for an encoder and a decoder."""


@config("vibevoice_diffusion", unused=("diffusion_max_period", "hidden_size", "latent_size"))
class DiffusionHead:
    """The class sets its width and channels by the other parts', whatever is stated."""

    num_hidden_layers: Depth
    intermediate_size: Size
    hidden_act: str
    frequency_embedding_size: Size
    mlp_bias: bool


def encoder(c: SpeechEncoder, at: str) -> tuple[Block, ...]:
    """Stages that are twice as wide each, and as many times slower as the config says; `at` is its place there."""
    exactly(c.depths, len(c.downsampling_ratios) + 1, f"{at}.depths")
    last = c.num_filters * 2 ** len(c.downsampling_ratios)
    return (
        group(
            "stem",
            filters("conv.conv", c.num_filters, c.channels, c.kernel_size),
            *_stage(c, int(c.num_filters), c.depths[0]),
        ),
        *(group(f"conv_layers.{index}", *stage) for index, stage in enumerate(_slower(c))),
        filters("head.conv", c.hidden_size, last, c.kernel_size),
    )


def _slower(c: SpeechEncoder) -> Iterator[tuple[Block, ...]]:
    """A convolution over two steps of the samples that it keeps of so many, and its blocks."""
    width = int(c.num_filters)
    for ratio, depth in zip(c.downsampling_ratios, c.depths[1:], strict=True):
        slower = filters("conv.conv", 2 * width, width, 2 * ratio)
        width *= 2
        yield slower, *_stage(c, width, depth)


def decoder(c: SpeechEncoder) -> tuple[Block, ...]:
    """The encoder backwards: from the widest and slowest stage to the samples."""
    depths: Sequence[int] = c.depths[::-1]
    widest = int(c.num_filters) * 2 ** len(c.downsampling_ratios)
    return (
        group(
            "stem",
            filters("conv.conv", widest, c.hidden_size, c.kernel_size),
            *_stage(c, widest, depths[0]),
        ),
        *(group(f"conv_layers.{i}", *stage) for i, stage in enumerate(_faster(c, widest, depths))),
        filters("head.conv", c.channels, c.num_filters, c.kernel_size),
    )


def _faster(c: SpeechEncoder, width: int, depths: Sequence[int]) -> Iterator[tuple[Block, ...]]:
    for ratio, depth in zip(c.downsampling_ratios[::-1], depths[1:], strict=True):
        faster = stretching("convtr.convtr", width, width // 2, 2 * ratio)
        width //= 2
        yield faster, *_stage(c, width, depth)


def _stage(c: SpeechEncoder, width: int, depth: int) -> tuple[Block, ...]:
    """So many ConvNeXt blocks: each channel over its own samples, then an MLP; a norm before and learned scales after both."""
    if not depth:
        return ()
    mlp = plain_mlp(
        "ffn",
        width=width,
        inner=width * c.ffn_expansion,
        activation=c.hidden_act,
        names=("linear1", "linear2"),
        bias=True,
    )
    one = layer(
        rms_norm("norm", width),
        filters("mixer.conv", width, 1, c.kernel_size),
        rms_norm("ffn_norm", width),
        mlp,
        tensor_block("", Tensor("gamma", (width,)), Tensor("ffn_gamma", (width,))),
    )
    return (stack("stage", [one] * depth),)


def diffusion_head(c: DiffusionHead, name: str, latents: int, stream: int) -> Block:
    """A few MLPs that take noise from `latents` channels, shifted and scaled by the stream and by how far that is done."""
    width = int(stream)
    mlp = gated_mlp(
        "ffn",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        bias=c.mlp_bias,
    )
    one = layer(
        mlp,
        rms_norm("norm", width),
        linear("linear", width, 3 * width),
    )
    inside = (
        linear("noisy_images_proj", latents, width),
        linear("cond_proj", width, width),
        linear("timestep_proj.fc1", c.frequency_embedding_size, width),
        linear("timestep_proj.fc2", width, width),
        stack("layers", [one] * c.num_hidden_layers),
        linear("final_layer.linear_1", width, 2 * width),
        linear("final_layer.linear_2", width, latents),
    )
    return Block("speech_decoder", name, inside=inside)
