"""Gemma 3 with its SigLIP vision tower, which is counted apart from the text model.

Reference: transformers/models/gemma3/modular_gemma3.py
Paper: https://arxiv.org/abs/2503.19786
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, learned_positions, linear, plain_mlp
from llm_gallery.families._config import Count, Depth, Size, config, stated
from llm_gallery.families._vision import checked_tower, encoder, encoder_layer, tensor_block, tower
from llm_gallery.families.gemma3_text import Gemma3Text, text
from llm_gallery.families.llama import OF_LANGUAGE_MODEL


@config("siglip_vision_model")
class Siglip:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_channels: Size
    image_size: Size
    patch_size: Size
    num_attention_heads: Size
    hidden_act: str
    vision_use_head: bool


@config("gemma3")
class Gemma3:
    text_config: Gemma3Text
    vision_config: Siglip
    mm_tokens_per_image: Count | None
    tie_word_embeddings: bool | None


def gemma3(c: Gemma3) -> Block:
    body = text(c.text_config, OF_LANGUAGE_MODEL, stated(c, "tie_word_embeddings"))
    beside = (siglip(c.vision_config), projector(c.vision_config.hidden_size, c.text_config))
    return replace(body, inside=(*body.inside, *beside))


def siglip(c: Siglip) -> Block:
    width = c.hidden_size
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    side = c.image_size // c.patch_size
    patch = (int(width), int(c.num_channels), int(c.patch_size), int(c.patch_size))
    one = encoder_layer(
        width, c.intermediate_size, norms=("layer_norm1", "layer_norm2"), output="out_proj"
    )
    return tower(
        "vision_tower",
        (
            tensor_block(
                "embeddings.patch_embedding", Tensor("weight", patch), Tensor("bias", (int(width),))
            ),
            learned_positions("embeddings.position_embedding", side * side, width),
            encoder("encoder", one, c.num_hidden_layers),
            layer_norm("post_layernorm", width),
            *([pooling_head(c)] if c.vision_use_head else []),
        ),
    )


def pooling_head(c: Siglip) -> Block:
    """One learned query that attends to all patches; stored where the config says so, never used here."""
    width = int(c.hidden_size)
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    stored = (
        Tensor("probe", (1, 1, width)),
        Tensor("attention.in_proj_weight", (3 * width, width)),
        Tensor("attention.in_proj_bias", (3 * width,)),
    )
    attention = linear("attention.out_proj", width, width, bias=True)
    inside = (attention, layer_norm("layernorm", width), mlp)
    return Block("group", "head", tensors=stored, inside=inside)


def projector(inputs: int, c: Gemma3Text) -> Block:
    """From the tower's width to the stream's."""
    stored = (
        Tensor("mm_input_projection_weight", (int(inputs), int(c.hidden_size))),
        Tensor("mm_soft_emb_norm.weight", (int(inputs),)),
    )
    return Block("projector", "multi_modal_projector", tensors=stored)
