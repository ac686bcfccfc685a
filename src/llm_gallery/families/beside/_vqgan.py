"""VQGAN: convolutions that make ids of a codebook from a picture, and a picture from such ids.

Reference: transformers/models/janus/modeling_janus.py
Paper: https://arxiv.org/abs/2012.09841
"""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Few, Size, config
from llm_gallery.families._vision import filters, group_norm, tensor_block, tower

UNUSED = ("dropout", "num_patches")
Norm = Callable[[str, int], Block]
"""Makes the norm of that name over so many channels."""


@config("janus_vqgan", unused=UNUSED)
class Vqgan:
    embed_dim: Size
    num_embeddings: Size
    double_latent: bool
    latent_channels: Size
    in_channels: Size
    out_channels: Size
    base_channels: Size
    channel_multiplier: tuple[Size, ...]
    num_res_blocks: Few
    projection_dim: Size
    num_hidden_layers: Depth
    image_token_embed_dim: Size
    hidden_act: str


def vqgan(c: Vqgan, name: str) -> Block:
    """The encoder, the codebook, and the decoder; each level of the picture has some blocks."""
    if not c.channel_multiplier:
        raise Refusal(
            "vq_config.channel_multiplier is empty, expected a factor for each level of the picture; "
            "correct it in the config"
        )
    codes = Tensor("weight", (int(c.num_embeddings), int(c.embed_dim)))
    return tower(
        name,
        (
            encoder(c),
            filters("quant_conv", c.embed_dim, c.latent_channels, 1, 1),
            tensor_block("quantize.embedding", codes),
            filters("post_quant_conv", c.latent_channels, c.embed_dim, 1, 1),
            decoder(c),
        ),
    )


def encoder(c: Vqgan) -> Block:
    """From pixels to the latent, each level but the last half as large as the one before."""
    base, last = c.base_channels, len(c.channel_multiplier) - 1
    before = (1, *c.channel_multiplier)
    levels = []
    for level, factor in enumerate(c.channel_multiplier):
        inputs, outputs = base * before[level], base * factor
        inside = blocks(inputs, outputs, c.num_res_blocks, attends=level == last)
        channels = outputs if c.num_res_blocks else inputs
        halved = [] if level == last else [filters("downsample.conv", channels, channels, 3, 3)]
        levels.append(group(f"down.{level}", *inside, *halved))
    wide = base * (before[-1] if c.num_res_blocks else before[-2])
    latent = (2 if c.double_latent else 1) * c.latent_channels
    return group(
        "encoder",
        filters("conv_in", base, c.in_channels, 3, 3),
        *levels,
        middle(wide),
        group_norm("norm_out", wide),
        filters("conv_out", latent, wide, 3, 3),
    )


def decoder(c: Vqgan) -> Block:
    """From the latent to pixels, the levels backwards, with one block more in each."""
    base, last = c.base_channels, len(c.channel_multiplier) - 1
    wide = inputs = base * c.channel_multiplier[-1]
    levels = []
    for number, factor in enumerate(reversed(c.channel_multiplier)):
        inside = blocks(inputs, base * factor, c.num_res_blocks + 1, attends=number == 0)
        inputs = base * factor
        doubled = [] if number == last else [filters("upsample.conv", inputs, inputs, 3, 3)]
        levels.append(group(f"up.{number}", *inside, *doubled))
    return group(
        "decoder",
        filters("conv_in", wide, c.latent_channels, 3, 3),
        middle(wide),
        *levels,
        group_norm("norm_out", inputs),
        filters("conv_out", c.out_channels, inputs, 3, 3),
    )


def blocks(inputs: int, outputs: int, count: int, *, attends: bool) -> list[Block]:
    """The blocks of one level, with attention after each at the smallest one."""
    parts = []
    for i in range(count):
        parts.append(resnet(f"block.{i}", outputs if i else inputs, outputs))
        if attends:
            parts.append(attention(f"attn.{i}", outputs))
    return parts


def middle(channels: int, *, attends: bool = True) -> Block:
    """A block, attention and a block between the levels and the latent."""
    return group(
        "mid",
        resnet("block_1", channels, channels),
        *([attention("attn_1", channels)] if attends else []),
        resnet("block_2", channels, channels),
    )


def resnet(name: str, inputs: int, outputs: int, norm: Norm = group_norm) -> Block:
    """Two convolutions, a norm before each, and a map of what is added where its channels change."""
    changed = inputs != outputs
    return group(
        name,
        norm("norm1", inputs),
        filters("conv1", outputs, inputs, 3, 3),
        norm("norm2", outputs),
        filters("conv2", outputs, outputs, 3, 3),
        *([filters("nin_shortcut", outputs, inputs, 1, 1)] if changed else []),
    )


def attention(name: str, channels: int) -> Block:
    """Attention over all places of a level, its maps stored as convolutions."""
    maps = (filters(part, channels, channels, 1, 1) for part in ("q", "k", "v", "proj_out"))
    return group(name, group_norm("norm", channels), *maps)
