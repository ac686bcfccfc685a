"""Qwen3.5 with its vision tower, which is counted apart from the text model.

Reference: transformers/models/qwen3_5/modular_qwen3_5.py
Model: https://huggingface.co/Qwen/Qwen3.5-27B
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    plain_mlp,
)
from llm_gallery.families._config import Depth, Size, config, stated
from llm_gallery.families._vision import encoder, tensor_block, tower
from llm_gallery.families.qwen3_5_text import Qwen35Text, text


@config("qwen3_5_vision", unused=("deepstack_visual_indexes", "num_heads", "rope_parameters"))
class QwenVision:
    depth: Depth
    hidden_size: Size
    intermediate_size: Size
    hidden_act: str
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size
    out_hidden_size: Size
    num_position_embeddings: Size


@config("qwen3_5", unused=("language_model_only",))
class Qwen35:
    text_config: Qwen35Text
    vision_config: QwenVision | None = None
    tie_word_embeddings: bool


def qwen3_5(c: Qwen35) -> Block:
    body = text(c.text_config, body="model.language_model", tied=stated(c, "tie_word_embeddings"))
    return with_tower(body, c.vision_config)


def with_tower(body: Block, c: QwenVision | None) -> Block:
    return body if c is None else replace(body, inside=(*body.inside, vision(c)))


def vision(c: QwenVision) -> Block:
    """Patches over two frames, pre-norm layers with biases, and a merger of neighbouring patches."""
    width = c.hidden_size
    patch = (c.temporal_patch_size, c.patch_size, c.patch_size)
    weight = Tensor("weight", tuple(map(int, (width, c.in_channels, *patch))))
    encoder_layer = layer(
        layer_norm("norm1", width),
        group(
            "attn",
            linear("qkv", width, 3 * width, bias=True),
            linear("proj", width, width, bias=True),
        ),
        layer_norm("norm2", width),
        mlp("mlp", width, c.intermediate_size, c.hidden_act),
    )
    wide = width * c.spatial_merge_size**2
    return tower(
        "model.visual",
        (
            tensor_block("patch_embed.proj", weight, Tensor("bias", (int(width),))),
            learned_positions("pos_embed", c.num_position_embeddings, width),
            encoder("", encoder_layer, c.depth, "blocks"),
            group(
                "merger",
                layer_norm("norm", width),
                linear("linear_fc1", wide, wide, bias=True),
                linear("linear_fc2", wide, c.out_hidden_size, bias=True),
            ),
        ),
    )


def mlp(name: str, width: int, inner: int, activation: str) -> Block:
    return plain_mlp(
        name,
        width=width,
        inner=inner,
        activation=activation,
        names=("linear_fc1", "linear_fc2"),
        bias=True,
    )
