"""Chameleon: a VQGAN's encoder makes ids of its vocabulary from pictures; nothing joins it to the stream.

Reference: transformers/models/chameleon/modeling_chameleon.py
Paper: https://arxiv.org/abs/2405.09818
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Few, Size, config
from llm_gallery.families._vision import filters, group_norm, tensor_block, tower
from llm_gallery.families.beside._vqgan import attention, middle, resnet

ATTENDS = "vanilla"
"""The kind of attention that its class builds; any other word means none."""


@config("chameleon_vqgan", unused=("dropout",))
class ChameleonVqgan:
    embed_dim: Size
    num_embeddings: Size
    double_latent: bool
    latent_channels: Size
    resolution: Size
    in_channels: Size
    base_channels: Size
    channel_multiplier: tuple[Size, ...]
    num_res_blocks: Few
    attn_resolutions: tuple[Count, ...] | None
    attn_type: str


@config("chameleon", unused=("vocabulary_map",))
class Chameleon:
    vq_config: ChameleonVqgan


def chameleon(c: Chameleon, stream: int) -> tuple[Block, ...]:
    """The encoder, the codebook, and maps to it and from it; what would draw a picture isn't there."""
    vq = c.vq_config
    codes = Tensor("weight", (int(vq.num_embeddings), int(vq.embed_dim)))
    inside = (
        _encoder(vq),
        tensor_block("quantize.embedding", codes),
        filters("quant_conv", vq.embed_dim, vq.latent_channels, 1, 1),
        filters("post_quant_conv", vq.latent_channels, vq.embed_dim, 1, 1),
    )
    return (tower("model.vqmodel", inside),)


def _encoder(c: ChameleonVqgan) -> Block:
    """From pixels to the latent: levels attend where a picture of the usual size is as small as the config lists."""
    if not c.channel_multiplier:
        raise Refusal(
            "vq_config.channel_multiplier is empty, expected a factor for each level of the picture; "
            "correct it in the config"
        )
    base, last = c.base_channels, len(c.channel_multiplier) - 1
    before = (1, *c.channel_multiplier)
    levels = []
    for level, factor in enumerate(c.channel_multiplier):
        inputs, outputs = base * before[level], base * factor
        attends = c.attn_type == ATTENDS and c.resolution // 2**level in (c.attn_resolutions or ())
        channels = outputs if c.num_res_blocks else inputs
        inside = []
        for i in range(c.num_res_blocks):
            inside.append(resnet(f"block.{i}", outputs if i else inputs, outputs))
            inside += [attention(f"attn.{i}", outputs)] if attends else []
        if level != last:
            inside.append(filters("downsample.conv", channels, channels, 3, 3))
        levels.append(group(f"down.{level}", *inside))
    wide = base * (before[-1] if c.num_res_blocks else before[-2])
    latent = (2 if c.double_latent else 1) * c.latent_channels
    return group(
        "encoder",
        filters("conv_in", base, c.in_channels, 3, 3),
        *levels,
        middle(wide, attends=c.attn_type == ATTENDS),
        group_norm("norm_out", wide),
        filters("conv_out", latent, wide, 3, 3),
    )
