"""Pixtral: a vision transformer built as a language model is, rotated in two dimensions.

Reference: transformers/models/pixtral/modeling_pixtral.py
Paper: https://arxiv.org/abs/2410.07073
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import gated_mlp, group, layer, linear, rms_norm
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import encoder, four_maps, tensor_block, tower


@config(
    "pixtral",
    unused=("head_dim", "image_size", "num_attention_heads", "rope_parameters", "rope_theta"),
)
class Pixtral:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_channels: Size
    patch_size: Size
    hidden_act: str


def pixtral(c: Pixtral, name: str = "vision_tower") -> Block:
    """Pre-norm RMSNorm, rotated in two dimensions, a gated MLP, no biases."""
    width, side = int(c.hidden_size), int(c.patch_size)
    encoder_layer = layer(
        rms_norm("attention_norm", width),
        group("attention", *four_maps(width, bias=False, output="o_proj")),
        rms_norm("ffn_norm", width),
        gated_mlp("feed_forward", width=width, inner=c.intermediate_size, activation=c.hidden_act),
    )
    patch = Tensor("weight", (width, int(c.num_channels), side, side))
    return tower(
        name,
        (
            tensor_block("patch_conv", patch),
            rms_norm("ln_pre", width),
            encoder("transformer", encoder_layer, c.num_hidden_layers),
        ),
    )


def merging_projector(
    width: int,
    stream: int,
    *,
    merged: int,
    features: int = 1,
    bias: bool = False,
    name: str = "multi_modal_projector",
) -> Block:
    """Norm, `merged` patches each way into one, and two linear maps to the stream's width."""
    inside = (
        rms_norm("norm", width),
        linear("patch_merger.merging_layer", width * merged**2, width),
        linear("linear_1", width * features, stream, bias=bias),
        linear("linear_2", stream, stream, bias=bias),
    )
    return Block("projector", name, inside=inside)
