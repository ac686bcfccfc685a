"""CLIP's vision transformer: a class token before the patches, whose places are learned, and a norm before the layers.

Reference: transformers/models/clip/modeling_clip.py
Paper: https://arxiv.org/abs/2103.00020
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, learned_positions
from llm_gallery.families._config import Size, config
from llm_gallery.families._vision import (
    Vit,
    checked_tower,
    encoder,
    encoder_layer,
    patches,
    tensor_block,
    tower,
)


@config("clip_vision_model", unused=("projection_dim", "vocab_size"))
class ClipVision(Vit):
    num_channels: Size


def clip(c: ClipVision, name: str) -> Block:
    """The layers are SigLIP's; the last norm is stored, and what reads an earlier layer never runs it."""
    width = int(c.hidden_size)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    side = c.image_size // c.patch_size
    patch = c.patch_size, c.patch_size
    block = encoder_layer(
        width,
        c.intermediate_size,
        activation=c.hidden_act,
    )
    return tower(
        name,
        (
            tensor_block("embeddings", Tensor("class_embedding", (width,))),
            patches("embeddings.patch_embedding", width, c.num_channels, patch, bias=False),
            learned_positions("embeddings.position_embedding", side * side + 1, width),
            layer_norm("pre_layrnorm", width),
            encoder("encoder", block, c.num_hidden_layers),
            layer_norm("post_layernorm", width),
        ),
    )
