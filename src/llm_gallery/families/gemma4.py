"""Gemma 4 with its vision tower, and in the small models an audio tower: Gemma's own layers, no SigLIP.

Reference: transformers/models/gemma4/modular_gemma4.py
Model: https://huggingface.co/google/gemma-4-E2B-it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import apart, group, layer, linear, rms_norm, stack
from llm_gallery.families._config import Depth, Size, config, exactly, multiple, stated
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.gemma4_text import Gemma4Text, text

COLOURS = 3


OF_THE_TOWERS = (
    "attention_bias", "attention_chunk_size", "attention_context_left", "attention_context_right",
    "attention_invalid_logits_value", "attention_logit_cap", "default_output_length",
    "global_head_dim", "gradient_clipping", "hidden_act", "hidden_activation",
    "max_position_embeddings", "pooling_kernel_size", "residual_weight", "rope_parameters",
)  # fmt: skip
"""Keys that say how a tower computes: towers are told by what they store."""
OUTSIDE = (
    "audio_token_id", "boa_token_id", "eoa_token_id", "eoa_token_index",
    "vision_soft_tokens_per_image",
)  # fmt: skip


@config("gemma4_vision", unused=OF_THE_TOWERS)
class Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size
    patch_size: Size
    position_embedding_size: Size
    use_clipped_linears: bool
    standardize: bool


@config("gemma4_audio", unused=OF_THE_TOWERS)
class Audio:
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    subsampling_conv_channels: tuple[Size, ...]
    conv_kernel_size: Size
    output_proj_dims: Size
    use_clipped_linears: bool


@config("gemma4", unused=OUTSIDE)
class Gemma4:
    text_config: Gemma4Text
    vision_config: Vision | None
    audio_config: Audio | None
    tie_word_embeddings: bool


def gemma4(c: Gemma4) -> Block:
    model = text(c.text_config, "model.language_model", stated(c, "tie_word_embeddings"))
    width = c.text_config.hidden_size
    beside = []
    if c.vision_config is not None:
        beside += [vision(c.vision_config), projector("vision", c.vision_config.hidden_size, width)]
    if c.audio_config is not None:
        beside += [
            audio(c.audio_config),
            projector("audio", c.audio_config.output_proj_dims, width),
        ]
    return replace(model, inside=(*model.inside, *beside))


def projector(name: str, inputs: int, width: int) -> Block:
    """From a tower's width to the stream's."""
    return apart(
        "projector", f"model.embed_{name}", (linear("embedding_projection", inputs, width),)
    )


def clipped(name: str, inputs: int, outputs: int, ranged: bool) -> Block:
    """A projection, and the ranges that its input and output are cut to where those are stored."""
    bounds = ("input_min", "input_max", "output_min", "output_max") if ranged else ()
    weight = Tensor("linear.weight", (int(outputs), int(inputs)))
    return tensor_block(name, weight, *(Tensor(bound, ()) for bound in bounds))


def vision(c: Vision) -> Block:
    width, ranged = c.hidden_size, c.use_clipped_linears
    patch = COLOURS * c.patch_size**2
    queries, keys = c.num_attention_heads * c.head_dim, c.num_key_value_heads * c.head_dim
    attention = group(
        "self_attn",
        clipped("q_proj", width, queries, ranged),
        clipped("k_proj", width, keys, ranged),
        clipped("v_proj", width, keys, ranged),
        clipped("o_proj", queries, width, ranged),
        rms_norm("q_norm", c.head_dim),
        rms_norm("k_norm", c.head_dim),
    )
    mlp = group(
        "mlp",
        clipped("gate_proj", width, c.intermediate_size, ranged),
        clipped("up_proj", width, c.intermediate_size, ranged),
        clipped("down_proj", c.intermediate_size, width, ranged),
    )
    decoder_layer = layer(
        rms_norm("input_layernorm", width),
        attention,
        rms_norm("post_attention_layernorm", width),
        rms_norm("pre_feedforward_layernorm", width),
        mlp,
        rms_norm("post_feedforward_layernorm", width),
    )
    table = Tensor("position_embedding_table", (2, int(c.position_embedding_size), int(width)))
    scales = [Tensor(name, (int(width),)) for name in ("std_bias", "std_scale")]
    parts = (
        group("patch_embedder", linear("input_proj", patch, width), tensor_block("", table)),
        group("encoder", stack("layers", [decoder_layer] * c.num_hidden_layers)),
        *([tensor_block("", *scales)] if c.standardize else []),
    )
    return apart("vision_tower", "model.vision_tower", parts)


def audio(c: Audio) -> Block:
    """A conformer: half an MLP, attention, a convolution, the other half; two convolutions before all."""
    width, ranged = c.hidden_size, c.use_clipped_linears
    dim = multiple(
        width, c.num_attention_heads, ("audio_config.hidden_size", "num_attention_heads")
    )
    attention = group(
        "self_attn",
        *(clipped(f"{name}_proj", width, width, ranged) for name in "qkv"),
        clipped("post", width, width, ranged),
        linear("relative_k_proj", width, width),
        tensor_block("", Tensor("per_dim_scale", (int(dim),))),
    )
    kernel = Tensor("depthwise_conv1d.weight", (int(width), 1, int(c.conv_kernel_size)))
    convolution = group(
        "lconv1d",
        rms_norm("pre_layer_norm", width),
        clipped("linear_start", width, 2 * width, ranged),
        tensor_block("", kernel),
        rms_norm("conv_norm", width),
        clipped("linear_end", width, width, ranged),
    )
    decoder_layer = layer(
        half_mlp("feed_forward1", width, ranged),
        rms_norm("norm_pre_attn", width),
        attention,
        rms_norm("norm_post_attn", width),
        convolution,
        half_mlp("feed_forward2", width, ranged),
        rms_norm("norm_out", width),
    )
    parts = (
        group("subsample_conv_projection", *subsampling(c)),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        linear("output_proj", width, c.output_proj_dims, bias=True),
    )
    return apart("audio_tower", "model.audio_tower", parts)


def half_mlp(name: str, width: int, ranged: bool) -> Block:
    return group(
        name,
        rms_norm("pre_layer_norm", width),
        clipped("ffw_layer_1", width, 4 * width, ranged),
        clipped("ffw_layer_2", 4 * width, width, ranged),
        rms_norm("post_layer_norm", width),
    )


def subsampling(c: Audio) -> Iterator[Block]:
    """Two convolutions over time and frequency, and the projection of what they leave."""
    first, last = exactly(c.subsampling_conv_channels, 2, "audio_config.subsampling_conv_channels")
    channels = (1, first, last)
    for index, (before, after) in enumerate(pairwise(channels)):
        kernel = Tensor("conv.weight", (int(after), int(before), 3, 3))
        yield group(f"layer{index}", tensor_block("", kernel), rms_norm("norm", after))
    yield linear("input_proj_linear", first // 4 * last, c.hidden_size)
