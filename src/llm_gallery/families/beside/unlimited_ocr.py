"""Unlimited-OCR: DeepSeek-OCR's towers, SAM and after it CLIP's layers over what that leaves, side by side in one map.

Reference: transformers/models/unlimited_ocr/modeling_unlimited_ocr.py
Paper: https://arxiv.org/abs/2510.18234 (DeepSeek-OCR)
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, learned_positions, linear
from llm_gallery.families._config import Size, config
from llm_gallery.families._vision import (
    Vit,
    checked_tower,
    encoder,
    encoder_layer,
    tensor_block,
    tower,
)
from llm_gallery.families.beside.deepseek_ocr2 import OfOcr, ocr_sam


@config("unlimited_ocr_sam_vision_model")
class UnlimitedSam(OfOcr):
    downsample_channels: tuple[Size, ...]
    mlp_dim: Size


@config("unlimited_ocr_vision_encoder", unused=("initializer_factor", "num_channels"))
class OcrClip(Vit):
    pass


@config("unlimited_ocr_vision")
class UnlimitedVision:
    sam_config: UnlimitedSam
    encoder_config: OcrClip


@config("unlimited_ocr")
class UnlimitedOcr:
    vision_config: UnlimitedVision


def unlimited_ocr(c: UnlimitedOcr, stream: int) -> tuple[Block, ...]:
    return ocr_towers(c.vision_config.sam_config, c.vision_config.encoder_config, stream)


def ocr_towers(
    first: OfOcr, second: OcrClip, stream: int, *stored_beside: Block
) -> tuple[Block, ...]:
    """Both towers, one map of what both give, and vectors that end rows and part a whole picture from its pieces.

    `stored_beside` is what the second stores among its embeddings besides.
    """
    sam = ocr_sam(first)
    left = sam.inside[-1].tensors[0].shape[0]
    ends = (Tensor(name, (int(stream),)) for name in ("image_newline", "view_seperator"))
    joined = (
        linear("projector.layers", left + second.hidden_size, stream, bias=True),
        tensor_block("", *ends),
    )
    return (
        sam,
        clip_over_sam(second, "model.vision_model", *stored_beside),
        Block("projector", "model", inside=joined),
    )


def clip_over_sam(c: OcrClip, name: str, *stored_beside: Block) -> Block:
    """CLIP without patches of its own, whose q, k and v stand in one matrix, and without a norm after its layers."""
    width = int(c.hidden_size)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    places = int(c.image_size // c.patch_size) ** 2 + 1
    layer = encoder_layer(
        width,
        c.intermediate_size,
        activation=c.hidden_act,
        joined="qkv_proj",
    )
    embeddings = (
        tensor_block("", Tensor("class_embedding", (width,))),
        *stored_beside,
        learned_positions("position_embedding", places, width),
    )
    return tower(
        name,
        (
            group("embeddings", *embeddings),
            layer_norm("pre_layrnorm", width),
            encoder("transformer", layer, c.num_hidden_layers),
        ),
    )
