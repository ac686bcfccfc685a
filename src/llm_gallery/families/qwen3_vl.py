"""Qwen3-VL: Qwen3 with Qwen3.5's vision tower, whose middle layers also feed the first layers of the text model.

Reference: transformers/models/qwen3_vl/modular_qwen3_vl.py
Paper: https://arxiv.org/abs/2511.21631
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, group, layer_norm, linear
from llm_gallery.families._config import Count, config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen3_5 import QwenVision, vision


@config("qwen3_vl_text")
class Qwen3VlText(Llama):
    tie_word_embeddings: bool = False  # said outside


@config("qwen3_vl_vision", unused=("num_heads", "rope_parameters"))
class DeepVision(QwenVision):
    deepstack_visual_indexes: tuple[Count, ...]


@config("qwen3_vl")
class Qwen3Vl:
    text_config: Qwen3VlText
    vision_config: DeepVision
    tie_word_embeddings: bool


def qwen3_vl(c: Qwen3Vl) -> Block:
    return with_vision_tower(c, "model.language_model", "model.visual")


def with_vision_tower(c: Qwen3Vl, body: str, visual: str) -> Block:
    """Language model and tower, stored under those names."""
    text = c.text_config
    decoder_layer = pre_norm(text, grouped_query(text, qk_norm="per head"), swiglu(text))
    layers, tied = [decoder_layer] * text.num_hidden_layers, stated(c, "tie_word_embeddings")
    model = decoder(text, layers, Names(body), tied=tied)
    beside = replace(deep_vision(c.vision_config), name=visual)
    return replace(model, inside=(*model.inside, beside))


def deep_vision(c: DeepVision) -> Block:
    """The tower, and a merger for each layer that is read before the last."""
    block = vision(c)
    wide = c.hidden_size * c.spatial_merge_size**2
    mergers = (
        group(
            f"deepstack_merger_list.{i}",
            layer_norm("norm", wide),
            linear("linear_fc1", wide, wide, bias=True),
            linear("linear_fc2", wide, c.out_hidden_size, bias=True),
        )
        for i in range(len(c.deepstack_visual_indexes))
    )
    return replace(block, inside=(*block.inside, *mergers))
