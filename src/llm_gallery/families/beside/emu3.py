"""Emu3: a VQGAN over frames, whose decoder norms what it paints by the codes that it paints from.

Reference: transformers/models/emu3/modeling_emu3.py
Paper: https://arxiv.org/abs/2409.18869, https://arxiv.org/abs/2209.09002 (norms by codes)
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group
from llm_gallery.families._config import Count, Few, Size, config
from llm_gallery.families._vision import (
    batch_norm,
    filters,
    four_maps,
    group_norm,
    tensor_block,
    tower,
)
from llm_gallery.families.beside._vqgan import Norm, resnet


@config("emu3_vqgan", unused=("num_attention_heads",))
class Emu3Vqgan:
    codebook_size: Size
    embed_dim: Size
    latent_channels: Size
    double_latent: bool
    in_channels: Size
    out_channels: Size
    temporal_downsample_factor: Size
    base_channels: Size
    channel_multiplier: tuple[Size, ...]
    num_res_blocks: Few
    attn_resolutions: tuple[Count, ...]
    hidden_size: Size


@config("emu3", unused=("vocabulary_map",))
class Emu3:
    vq_config: Emu3Vqgan


def emu3(c: Emu3, stream: int) -> tuple[Block, ...]:
    """Ids of the codebook are tokens of the vocabulary, so that no map to the stream is stored."""
    return (vqgan(c.vq_config, "vqmodel"),)


def vqgan(c: Emu3Vqgan, name: str) -> Block:
    """The encoder, the codebook between two convolutions over three frames, and the decoder."""
    codes = Tensor("weight", (int(c.codebook_size), int(c.embed_dim)))
    return tower(
        name,
        (
            encoder(c),
            filters("quant_conv.conv", c.embed_dim, c.latent_channels, 3, 1, 1),
            tensor_block("quantize.embedding", codes),
            filters("post_quant_conv.conv", c.latent_channels, c.embed_dim, 3, 1, 1),
            decoder(c),
        ),
    )


def encoder(c: Emu3Vqgan) -> Block:
    """Each level but the last halves the picture; after all, pairs of frames become one."""
    base, last = c.base_channels, len(c.channel_multiplier) - 1
    inputs, levels = base, []
    for number, factor in enumerate(c.channel_multiplier):
        outputs = base * factor
        inside = [*level_blocks(c, group_norm, number, c.num_res_blocks, inputs, outputs)]
        # Without a block in it, a level passes on as many channels as it was given.
        inputs = outputs if c.num_res_blocks else base * (1, *c.channel_multiplier)[number]
        if number != last:
            inside.append(filters("downsample.conv", inputs, inputs, 3, 3))
        inputs = outputs
        levels.append(group(f"down.{number}", *inside))
    latent = (2 if c.double_latent else 1) * c.latent_channels
    return group(
        "encoder",
        filters("conv_in", base, c.in_channels, 3, 3),
        group("down_block", *levels),
        middle(c, group_norm, inputs),
        group_norm("norm_out", inputs),
        filters("conv_out", latent, inputs, 3, 3),
        *over_time(c, latent, 4),
    )


def decoder(c: Emu3Vqgan) -> Block:
    """The levels backwards, with one block more in each, and norms by the codes."""

    def norm(name: str, channels: int) -> Block:
        return group(
            name,
            group_norm("norm_layer", channels),
            filters("conv_y", channels, c.embed_dim, 1, 1),
            filters("conv_b", channels, c.embed_dim, 1, 1),
        )

    wide = inputs = c.base_channels * c.channel_multiplier[-1]
    levels = []
    for number in reversed(range(len(c.channel_multiplier))):
        outputs = c.base_channels * c.channel_multiplier[number]
        inside = [*level_blocks(c, norm, number, c.num_res_blocks + 1, inputs, outputs)]
        inputs = outputs
        if number:
            inside.append(filters("upsample.conv", inputs, inputs, 3, 3))
        levels.append(group(f"up.{number}", *inside))
    return group(
        "decoder",
        *over_time(c, c.latent_channels, 3),
        filters("conv_in", wide, c.latent_channels, 3, 3),
        middle(c, norm, wide),
        group("up_block", *levels),
        norm("norm_out", inputs),
        filters("conv_out", c.out_channels, inputs, 3, 3),
    )


def level_blocks(
    c: Emu3Vqgan, norm: Norm, number: int, count: int, inputs: int, outputs: int
) -> Iterator[Block]:
    """The blocks of one level, with attention after each where the config lists it."""
    for i in range(count):
        yield resnet(f"block.{i}", outputs if i else inputs, outputs, norm)
        if number in c.attn_resolutions:
            yield attention(c, f"attn.{i}")
            yield norm(f"attn_norms.{i}", outputs)


def middle(c: Emu3Vqgan, norm: Norm, channels: int) -> Block:
    """A block, attention and a block between the levels and the latent."""
    return group(
        "middle_block",
        resnet("block_1", channels, channels, norm),
        attention(c, "attn_1"),
        norm("attn_norm", channels),
        resnet("block_2", channels, channels, norm),
    )


def attention(c: Emu3Vqgan, name: str) -> Block:
    """Attention over all places of a level, as wide as the config says."""
    return Block("attention", name, inside=four_maps(c.hidden_size))


def over_time(c: Emu3Vqgan, channels: int, frames: int) -> Iterator[Block]:
    """Convolutions over so many frames, which halve or double them, and blocks over three."""
    for i in range(int(c.temporal_downsample_factor).bit_length() - 1):
        yield filters(f"time_conv.{i}.conv.conv", channels, channels, frames, 3, 3)
    for i in range(c.num_res_blocks):
        yield group(
            f"time_res_stack.{i}",
            batch_norm("norm1", channels),
            filters("conv1.conv", channels, channels, 3, 3, 3),
            batch_norm("norm2", channels),
            filters("conv2.conv", channels, channels, 3, 3, 3),
        )
