"""Apertus 1.5: the encoders that make tokens of pictures and sounds, which its vocabulary holds: nothing joins them to the stream.

Reference: transformers/models/apertus1p5/modeling_apertus1p5.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group
from llm_gallery.families._config import Count, Few, Size, config
from llm_gallery.families._vision import filters, group_norm, tensor_block, tower
from llm_gallery.families.beside._vqgan import attention, middle, resnet
from llm_gallery.families.beside._wavtokenizer import WavTokenizer, wavtokenizer


@config("apertus1p5_vision_tokenizer", unused=("dropout", "spatial_scale_factor"))
class PictureTokens:
    codebook_size: Size
    embed_dim: Size
    latent_channels: Size
    in_channels: Size
    base_channels: Size
    channel_multiplier: tuple[Size, ...]
    num_res_blocks: Few
    attn_resolutions: tuple[Count, ...]
    resolution: Size


@config("apertus1p5", unused=("audio_token_offset", "image_token_offset"))
class Apertus1p5:
    vision_config: PictureTokens
    audio_config: WavTokenizer


def apertus1p5(c: Apertus1p5, stream: int) -> tuple[Block, ...]:
    """Both encoders, each with its codebook."""
    return (
        picture_tokens(c.vision_config, "model.vision_tokenizer"),
        wavtokenizer(c.audio_config, "model.audio_tokenizer"),
    )


def picture_tokens(c: PictureTokens, name: str) -> Block:
    """A VQGAN's encoder: its levels attend where a picture of the usual size is as small as the config lists."""
    base, last = c.base_channels, len(c.channel_multiplier) - 1
    factors = (1, *c.channel_multiplier)
    stages = []
    for stage, factor in enumerate(c.channel_multiplier):
        outputs = base * factor
        attends = c.resolution // 2**stage in c.attn_resolutions
        inside = [
            group(
                f"layers.{i}",
                resnet("resnet", outputs if i else base * factors[stage], outputs),
                *([attention("attention", outputs)] if attends else []),
            )
            for i in range(c.num_res_blocks)
        ]
        if stage != last:
            inside.append(filters("downsample.conv", outputs, outputs, 3, 3))
        stages.append(group(f"stages.{stage}", *inside))
    wide = base * factors[-1]
    encoder = group(
        "encoder",
        filters("conv_in", base, c.in_channels, 3, 3),
        *stages,
        middle(wide),
        group_norm("norm_out", wide),
        filters("conv_out", c.latent_channels, wide, 3, 3),
    )
    codes = Tensor("weight", (int(c.codebook_size), int(c.embed_dim)))
    return tower(
        name,
        (
            encoder,
            tensor_block("quantize.embedding", codes),
            filters("quant_conv", c.embed_dim, c.latent_channels, 1, 1),
        ),
    )
