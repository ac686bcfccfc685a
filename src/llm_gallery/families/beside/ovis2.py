"""Ovis 2: a tower that gives a share of each of its own words, whose vectors a table of the language model's width holds.

Reference: transformers/models/ovis2/modeling_ovis2.py
Paper: https://arxiv.org/abs/2405.20797
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    rms_norm,
)
from llm_gallery.families._config import Count, Size, at_most, config
from llm_gallery.families._vision import (
    Vit,
    checked_tower,
    encoder,
    four_maps,
    patches,
    tensor_block,
    tower,
)


@config("ovis2_vision", unused=("tokenize_function",))
class Ovis2Vision(Vit):
    num_channels: Size
    qkv_bias: bool
    mlp_bias: bool
    vocab_size: Size
    hidden_stride: Size
    num_visual_indicator_tokens: Count


@config("ovis2", unused=("visual_indicator_token_ids", "vocab_size"))
class Ovis2:
    vision_config: Ovis2Vision
    hidden_size: Size


def ovis2(c: Ovis2, stream: int) -> tuple[Block, ...]:
    """The table is as wide as the key outside of the language model says."""
    vision = c.vision_config
    table = Tensor("weight", (int(vision.vocab_size), int(c.hidden_size)))
    rows = tensor_block("model.visual_embeddings_table", table)
    return ovis2_vision(vision), Block("projector", "", inside=(rows,))


def ovis2_vision(c: Ovis2Vision) -> Block:
    """RMSNorm before attention and a gated MLP, and a head over all words but those that mark a picture's ends."""
    width, words = int(c.hidden_size), int(c.vocab_size - c.num_visual_indicator_tokens)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    at_most(
        c.num_visual_indicator_tokens + 1,
        c.vocab_size,
        ("vision_config.num_visual_indicator_tokens + 1", "vision_config.vocab_size"),
    )
    return tower(
        "model.vision_tower",
        (
            group(
                "transformer",
                patches(
                    "embeddings.patch_embedding",
                    width,
                    c.num_channels,
                    (c.patch_size, c.patch_size),
                ),
                rms_norm("embeddings.rms_norm", width),
                learned_positions(
                    "embeddings.position_embedding",
                    int(c.image_size // c.patch_size) ** 2,
                    width,
                ),
                encoder("encoder", one_layer(c, width), c.num_hidden_layers),
                rms_norm("rms_norm", width),
            ),
            linear("head_linear", width * c.hidden_stride**2, words),
            layer_norm("head_norm", words),
        ),
    )


def one_layer(c: Ovis2Vision, width: int) -> Block:
    """One key says whether all four maps of attention have biases."""
    attention = four_maps(width, bias=c.qkv_bias)
    return layer(
        rms_norm("rms_norm1", width),
        Block("attention", "attention", inside=attention),
        rms_norm("rms_norm2", width),
        gated_mlp(
            "ffn",
            width=width,
            inner=c.intermediate_size,
            activation=c.hidden_act,
            bias=c.mlp_bias,
        ),
    )
