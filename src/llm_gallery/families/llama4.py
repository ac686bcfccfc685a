"""Llama 4 with its vision model, which is counted apart from the text model.

Reference: transformers/models/llama4/modeling_llama4.py
Report: https://ai.meta.com/blog/llama-4-multimodal-intelligence/
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.families._config import Depth, Ratio, Size, config
from llm_gallery.families._vision import checked_tower, encoder, encoder_layer, tensor_block, tower
from llm_gallery.families.llama import OF_LANGUAGE_MODEL
from llm_gallery.families.llama4_text import Llama4Text, text


@config("llama4_vision_model")
class Llama4Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    image_size: Size
    patch_size: Size
    pixel_shuffle_ratio: Ratio
    projector_input_dim: Size
    projector_output_dim: Size
    vision_output_dim: Size
    multi_modal_projector_bias: bool = False  # the reference has none, whatever it says
    hidden_act: str
    vision_feature_layer: int = -1
    vision_feature_select_strategy: str = "default"
    rope_theta: float | None = None
    rope_parameters: dict[str, Any] | None = None
    projector_dropout: float = 0.0


@config("llama4")
class Llama4:
    text_config: Llama4Text
    vision_config: Llama4Vision
    tie_word_embeddings: bool = False  # the text config's value is the one that counts


def llama4(c: Llama4) -> Block:
    body = text(c.text_config, OF_LANGUAGE_MODEL)
    beside = (vision(c.vision_config), projector(c.vision_config, c.text_config))
    return replace(body, inside=(*body.inside, *beside))


def vision(c: Llama4Vision) -> Block:
    width = int(c.hidden_size)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    patches = (c.image_size // c.patch_size) ** 2 + 1  # and one for the class
    block = encoder_layer(
        width,
        c.intermediate_size,
        norms=("input_layernorm", "post_attention_layernorm"),
        output="o_proj",
    )
    return tower(
        "vision_model",
        (
            tensor_block(
                "",
                Tensor("class_embedding", (width,)),
                Tensor("positional_embedding_vlm", (patches, width)),
            ),
            group("patch_embedding", linear("linear", c.num_channels * c.patch_size**2, width)),
            layer_norm("layernorm_pre", width),
            encoder("model", block, c.num_hidden_layers),
            layer_norm("layernorm_post", width),
            group(
                "vision_adapter.mlp",
                linear("fc1", c.intermediate_size, c.projector_input_dim),
                linear("fc2", c.projector_output_dim, c.projector_output_dim),
            ),
        ),
    )


def projector(c: Llama4Vision, t: Llama4Text) -> Block:
    """From the adapter's width to the stream's."""
    projection = linear("linear_1", c.vision_output_dim, t.hidden_size)
    return Block("projector", "multi_modal_projector", inside=(projection,))
