"""VibeVoice's tokenizers: what turns samples to a few channels of 7.5 frames a second, and back; and its diffusion head.

Reference: transformers/models/vibevoice_acoustic_tokenizer, transformers/models/vibevoice
Paper: https://arxiv.org/abs/2508.19205
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    layer,
    linear,
    plain_mlp,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Count, Depth, Size, config, exactly
from llm_gallery.families._vision import filters, tensor_block, transposed_filters

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


class Sizes(NamedTuple):
    """What both spellings of a tokenizer's keys say, from the samples to the slowest stage."""

    channels: int
    latents: int
    taps: int
    filters: int
    ratios: Sequence[int]
    depths: Sequence[int]
    wider: int
    activation: str


class Spelled(NamedTuple):
    """How a checkpoint calls a stage's convolution, its blocks, and the filters within one."""

    convolution: Callable[[int, str], str]
    blocks: Callable[[int], str]
    mixer: str = "mixer.conv"
    head: str = "head.conv"


def _place(index: int) -> str:
    return f"conv_layers.{index - 1}" if index else "stem"


OF_REFERENCE = Spelled(
    lambda index, kind: f"{_place(index)}.{kind}.{kind}", lambda index: f"{_place(index)}.stage"
)


def sizes(c: SpeechEncoder, at: str) -> Sizes:
    """The reference's keys, whose place in the config is `at`. Raises Refusal where there isn't a depth for each stage."""
    exactly(c.depths, len(c.downsampling_ratios) + 1, f"{at}.depths")
    return Sizes(
        c.channels,
        c.hidden_size,
        c.kernel_size,
        int(c.num_filters),
        c.downsampling_ratios,
        c.depths,
        c.ffn_expansion,
        c.hidden_act,
    )


def encoder(c: Sizes, spelled: Spelled = OF_REFERENCE) -> tuple[Block, ...]:
    """Stages that are twice as wide each, and as many times slower as the config says."""
    width = c.filters
    blocks = [filters(spelled.convolution(0, "conv"), width, c.channels, c.taps)]
    blocks += _blocks(c, width, 0, c.depths[0], spelled)
    for index, (ratio, depth) in enumerate(zip(c.ratios, c.depths[1:], strict=True), 1):
        blocks.append(filters(spelled.convolution(index, "conv"), 2 * width, width, 2 * ratio))
        width *= 2
        blocks += _blocks(c, width, index, depth, spelled)
    return (*blocks, filters(spelled.head, c.latents, width, c.taps))


def decoder(c: Sizes, spelled: Spelled = OF_REFERENCE) -> tuple[Block, ...]:
    """The encoder backwards: from the widest and slowest stage to the samples."""
    width = c.filters * 2 ** len(c.ratios)
    depths = c.depths[::-1]
    blocks = [filters(spelled.convolution(0, "conv"), width, c.latents, c.taps)]
    blocks += _blocks(c, width, 0, depths[0], spelled)
    for index, (ratio, depth) in enumerate(zip(c.ratios[::-1], depths[1:], strict=True), 1):
        blocks.append(
            transposed_filters(spelled.convolution(index, "convtr"), width, width // 2, 2 * ratio)
        )
        width //= 2
        blocks += _blocks(c, width, index, depth, spelled)
    return (*blocks, filters(spelled.head, c.channels, width, c.taps))


def _blocks(c: Sizes, width: int, index: int, depth: int, spelled: Spelled) -> list[Block]:
    """`depth` ConvNeXt blocks: each channel over its own samples, then an MLP; a norm before and learned scales after both."""
    if not depth:
        return []
    mlp = plain_mlp(
        "ffn",
        width=width,
        inner=width * c.wider,
        activation=c.activation,
        names=("linear1", "linear2"),
        bias=True,
    )
    decoder_layer = layer(
        rms_norm("norm", width),
        filters(spelled.mixer, width, 1, c.taps),
        rms_norm("ffn_norm", width),
        mlp,
        tensor_block("", Tensor("gamma", (width,)), Tensor("ffn_gamma", (width,))),
    )
    return [stack(spelled.blocks(index), [decoder_layer] * depth)]


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
    decoder_layer = layer(
        mlp,
        rms_norm("norm", width),
        linear("linear", width, 3 * width),
    )
    inside = (
        linear("noisy_images_proj", latents, width),
        linear("cond_proj", width, width),
        linear("timestep_proj.fc1", c.frequency_embedding_size, width),
        linear("timestep_proj.fc2", width, width),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        linear("final_layer.linear_1", width, 2 * width),
        linear("final_layer.linear_2", width, latents),
    )
    return Block("speech_decoder", name, inside=inside)
