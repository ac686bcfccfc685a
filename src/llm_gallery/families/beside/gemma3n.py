"""Gemma 3n: a conformer for sounds, and what brings sounds and pictures to the stream's width.

The vision tower is a MobileNet V5, which the reference takes from another library (timm).

Reference: transformers/models/gemma3n/modular_gemma3n.py
Model: https://ai.google.dev/gemma/docs/gemma-3n
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, linear, rms_norm, stack
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, config, exactly, multiple
from llm_gallery.families._vision import filters, tensor_block
from llm_gallery.families.beside._mobilenetv5 import ARCHITECTURE, mobilenetv5


@config(
    "gemma3n_vision",
    unused=(
        "do_pooling",
        "label_names",
        "num_classes",
        "vocab_offset",
    ),
)
class Gemma3nVision:
    hidden_size: Size
    vocab_size: Size
    architecture: str
    model_args: Mapping[str, Any] | None


@config(
    "gemma3n_audio",
    unused=(
        "conf_attention_chunk_size", "conf_attention_context_left", "conf_attention_context_right",
        "conf_attention_logit_cap", "conf_reduction_factor", "conf_residual_weight", "gradient_clipping",
        "sscp_conv_group_norm_eps", "vocab_offset",
    ),
)  # fmt: skip
class Gemma3nAudio:
    hidden_size: Size
    vocab_size: Size
    input_feat_size: Size
    conf_num_attention_heads: Size
    conf_num_hidden_layers: Depth
    conf_conv_kernel_size: Size
    sscp_conv_channel_size: tuple[Size, ...]
    sscp_conv_kernel_size: tuple[tuple[Size, ...], ...]
    sscp_conv_stride_size: tuple[tuple[Size, ...], ...]


@config("gemma3n", unused=("audio_soft_tokens_per_image", "vision_soft_tokens_per_image"))
class Gemma3n:
    vision_config: Gemma3nVision
    audio_config: Gemma3nAudio


def gemma3n(c: Gemma3n, stream: int) -> tuple[Block, ...]:
    seen = [] if left_out(c) else [mobilenetv5("model.vision_tower.timm_model")]
    return (
        *seen,
        conformer(c.audio_config),
        embedder("model.embed_vision", c.vision_config, stream),
        embedder("model.embed_audio", c.audio_config, stream),
    )


def left_out(c: Gemma3n) -> tuple[str, ...]:
    """The vision tower itself, where it is another than the releases', or changed."""
    vision = c.vision_config
    known = vision.architecture == ARCHITECTURE and not vision.model_args
    return () if known else ("vision_config",)


def embedder(name: str, c: Gemma3nVision | Gemma3nAudio, stream: int) -> Block:
    """Rows for tokens of its own and what a tower gives, normed apart, and one linear map."""
    width = int(c.hidden_size)
    inside = (
        tensor_block("embedding", Tensor("weight", (int(c.vocab_size), width))),
        rms_norm("hard_embedding_norm", width),
        rms_norm("soft_embedding_norm", width),
        linear("embedding_projection", width, stream),
    )
    return Block("projector", name, inside=inside)


def conformer(c: Gemma3nAudio) -> Block:
    """Two convolutions before all; in each layer half an MLP, attention, a convolution, the other half."""
    width = c.hidden_size
    decoder_layer = layer(
        half_mlp("ffw_layer_start", width),
        attention(c),
        convolution(c),
        half_mlp("ffw_layer_end", width),
        rms_norm("norm", width),
    )
    inside = (
        group("subsample_conv_projection", *subsampling(c)),
        stack("conformer", [decoder_layer] * c.conf_num_hidden_layers),
    )
    return Block("audio_tower", "model.audio_tower", inside=inside)


def subsampling(c: Gemma3nAudio) -> Iterator[Block]:
    """Two convolutions over time and frequency, and a linear map of all that is left of a frame."""
    exactly(c.sscp_conv_channel_size, 2, "audio_config.sscp_conv_channel_size")
    bins = int(c.input_feat_size)
    for index, (before, after) in enumerate(pairwise((1, *c.sscp_conv_channel_size))):
        down, across = _pair(c.sscp_conv_kernel_size, index, "sscp_conv_kernel_size")
        _, step = _pair(c.sscp_conv_stride_size, index, "sscp_conv_stride_size")
        yield group(
            f"conv_{index}",
            filters("conv", after, before, down, across, bias=False),
            rms_norm("norm", after),
        )
        if bins + 2 < across:
            raise Refusal(
                f"audio_config.sscp_conv_kernel_size[{index}] spans {across} bins, expected at most "
                f"{bins + 2}, as many as there are; correct it in the config"
            )
        bins = (bins + 2 - across) // step + 1
    yield linear("input_proj_linear", c.sscp_conv_channel_size[1] * bins, c.hidden_size)


def _pair(values: Sequence[Sequence[int]], index: int, key: str) -> Sequence[int]:
    exactly(values, 2, f"audio_config.{key}")
    return exactly(values[index], 2, f"audio_config.{key}[{index}]")


def half_mlp(name: str, width: int) -> Block:
    """Norms before and after, four times as wide within; half of what it gives is added."""
    return group(
        name,
        rms_norm("pre_layer_norm", width),
        linear("ffw_layer_1", width, 4 * width),
        linear("ffw_layer_2", 4 * width, width),
        rms_norm("post_layer_norm", width),
    )


def attention(c: Gemma3nAudio) -> Block:
    """A learned scale for each channel of a head; sinusoids of distances are mapped to keys."""
    width, heads = c.hidden_size, c.conf_num_attention_heads
    names = ("audio_config.hidden_size", "audio_config.conf_num_attention_heads")
    scale = Tensor("per_dim_scale", (multiple(width, heads, names),))
    return group(
        "attention",
        rms_norm("pre_attn_norm", width),
        tensor_block("attn", scale),
        linear("attn.relative_position_embedding.pos_proj", width, width),
        *(linear(f"attn.{name}_proj", width, width) for name in "qkv"),
        linear("post", width, width),
        rms_norm("post_norm", width),
    )


def convolution(c: Gemma3nAudio) -> Block:
    """A gated linear map, each channel over the frames before, and a linear map."""
    width = c.hidden_size
    return group(
        "lconv1d",
        rms_norm("pre_layer_norm", width),
        linear("linear_start", width, 2 * width),
        filters("depthwise_conv1d", width, 1, c.conf_conv_kernel_size, bias=False),
        rms_norm("conv_norm", width),
        linear("linear_end", width, width),
    )
