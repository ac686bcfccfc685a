"""Idefics 2: SigLIP, a gated map, and a perceiver whose few learned queries read all patches of a picture.

Reference: transformers/models/idefics2/modeling_idefics2.py
Paper: https://arxiv.org/abs/2405.02246
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor, walk
from llm_gallery.architecture.parts import gated_mlp, layer, linear, rms_norm, stack
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import four_maps, tensor_block
from llm_gallery.families.beside._siglip import Idefics2Vision, siglip


@config("idefics2_perceiver", unused=("hidden_size",))
class Perceiver:
    resampler_n_latents: Size
    resampler_depth: Depth
    resampler_n_heads: Size
    resampler_head_dim: Size
    num_key_value_heads: Size
    hidden_act: str


@config("idefics2", unused=("vocab_size",))
class Idefics2:
    vision_config: Idefics2Vision
    perceiver_config: Perceiver


def idefics2(c: Idefics2, stream: int, text: Block) -> tuple[Block, ...]:
    """The map is as wide inside as the language model's MLP; the perceiver is as wide as its stream."""
    mlp = next(block for _, block in walk(text) if block.is_mlp)
    width = c.vision_config.hidden_size
    joined = (
        linear("gate_proj", width, mlp.number("inner")),
        linear("up_proj", width, mlp.number("inner")),
        linear("down_proj", mlp.number("inner"), stream),
    )
    connector = (
        Block("group", "modality_projection", inside=joined),
        perceiver(c.perceiver_config, stream),
    )
    return (
        siglip(c.vision_config, "model.vision_model"),
        Block("projector", "model.connector", inside=connector),
    )


def perceiver(c: Perceiver, stream: int) -> Block:
    """Layers in which the queries attend to the patches and to themselves."""
    heads = ("perceiver_config.resampler_n_heads", "perceiver_config.num_key_value_heads")
    multiple(c.resampler_n_heads, c.num_key_value_heads, heads)
    wide, narrow = (
        heads * c.resampler_head_dim for heads in (c.resampler_n_heads, c.num_key_value_heads)
    )
    attention = four_maps(stream, wide, narrow, bias=False, output="o_proj")
    decoder_layer = layer(
        rms_norm("input_latents_norm", stream),
        rms_norm("input_context_norm", stream),
        Block("attention", "self_attn", inside=attention),
        rms_norm("post_attention_layernorm", stream),
        gated_mlp("mlp", width=stream, inner=4 * stream, activation=c.hidden_act),
    )
    inside = (
        tensor_block("", Tensor("latents", (int(c.resampler_n_latents), int(stream)))),
        stack("layers", [decoder_layer] * c.resampler_depth),
        rms_norm("norm", stream),
    )
    return Block("group", "perceiver_resampler", inside=inside)
