"""DeepSeek-OCR 2: SAM, and after it layers of a language model in which learned queries read the patches.

Reference: transformers/models/deepseek_ocr2/modeling_deepseek_ocr2.py
Paper: https://arxiv.org/abs/2601.20552
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    gated_mlp,
    group,
    layer,
    linear,
    renamed,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, exactly, multiple
from llm_gallery.families._vision import four_maps, tensor_block, tower
from llm_gallery.families.beside._sam import GotVision, SamVision, convolution, sam

OF_LAYERS = {"layers": "blocks", "layer_norm1": "norm1", "layer_norm2": "norm2"}
OF_NECK = {"conv1": "0", "layer_norm1": "1", "conv2": "2", "layer_norm2": "3"}
"""SAM's parts, as its own release and this one call them."""
USUAL = (512, 896)
"""Channels of the two convolutions after SAM, where a config names none."""
QUERIES = {"query_1024": 256, "query_768": 144}
"""As many as 1,024 and 768 pixels each way have places."""


@config("")
class OfOcr(GotVision):
    """SAM with two convolutions more."""

    downsample_channels: tuple[Size, ...] | None


@config("deepseek_ocr2_sam_vision_model")
class OcrSam(OfOcr, SamVision):
    pass


@config(
    "deepseek_ocr2_encoder",
    unused=(
        "layer_types", "max_position_embeddings", "max_window_layers", "rope_parameters", "rope_theta", "sliding_window",
        "tie_word_embeddings", "use_sliding_window", "vocab_size",
    ),
)  # fmt: skip
class OcrEncoder:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    hidden_act: str


@config("deepseek_ocr2_vision")
class OcrVision:
    sam_config: OcrSam
    encoder_config: OcrEncoder


@config("deepseek_ocr2")
class DeepseekOcr2:
    vision_config: OcrVision


def deepseek_ocr2(c: DeepseekOcr2, stream: int) -> tuple[Block, ...]:
    """Both towers, a linear map, and a vector between the whole picture and its parts."""
    inner = c.vision_config.encoder_config
    joined = (
        group("projector", linear("layers", inner.hidden_size, stream, bias=True)),
        tensor_block("", Tensor("view_seperator", (int(stream),))),
    )
    return (
        ocr_sam(c.vision_config.sam_config),
        ocr_encoder(inner),
        Block("projector", "model", inside=joined),
    )


def ocr_sam(c: OfOcr) -> Block:
    """SAM with two convolutions more, each of which halves the picture."""
    listed = USUAL if c.downsample_channels is None else c.downsample_channels
    first, second = exactly(listed, 2, "sam_config.downsample_channels")
    *parts, neck = sam(c, "").inside
    inside = (
        *(
            renamed(part, OF_LAYERS | {"patch_embed.projection": "patch_embed.proj"})
            for part in parts
        ),
        renamed(neck, OF_NECK),
        convolution("net_2", c.output_channels, first, 3),
        convolution("net_3", first, second, 3),
    )
    return tower("model.sam_model", inside)


def ocr_encoder(c: OcrEncoder) -> Block:
    """Layers as a language model's, and queries for pictures of two sizes."""
    width, heads = int(c.hidden_size), c.num_attention_heads
    keys = heads if c.num_key_value_heads is None else c.num_key_value_heads
    multiple(heads, keys, ("num_attention_heads", "num_key_value_heads"))
    shared = keys * multiple(width, heads, ("hidden_size", "num_attention_heads"))
    attention = four_maps(width, width, shared, output="o_proj", output_bias=False)
    decoder_layer = layer(
        rms_norm("input_layernorm", width),
        Block("attention", "self_attn", inside=attention),
        rms_norm("post_attention_layernorm", width),
        gated_mlp("mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act),
    )
    layers = group("", stack("layers", [decoder_layer] * c.num_hidden_layers))
    queries = (
        tensor_block(name, Tensor("weight", (count, width))) for name, count in QUERIES.items()
    )
    return tower(
        "model.qwen2_model",
        (*queries, group("model.model", layers, rms_norm("norm", width))),
    )
