"""Inkling 2: a vision transformer with a class token and learned scales on what its branches give, and a merger.

Reference: transformers/models/inkling2/modular_inkling2.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, plain_mlp
from llm_gallery.families._config import Depth, Factor, Size, config, multiple, same
from llm_gallery.families._vision import encoder, four_maps, tensor_block, tower


@config("inkling2_vision", unused=("layer_scale_init_value", "rope_parameters"))
class InklingVision:
    hidden_size: Size
    intermediate_size: Size | None
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    patch_size: Size
    posemb_grid_size: Size
    projection_hidden_dim: Size
    projector_bias: bool
    spatial_merge_size: Size
    text_hidden_size: Size
    hidden_act: str
    mlp_ratio: Factor


@config("inkling2")
class Inkling2:
    vision_config: InklingVision


def inkling2(c: Inkling2, stream: int) -> tuple[Block, ...]:
    """The projector stands inside the tower."""
    vision = c.vision_config
    same(vision.text_hidden_size, stream, ("vision_config.text_hidden_size", "hidden_size"))
    wide = vision.hidden_size * vision.spatial_merge_size**2
    inner, bias = vision.projection_hidden_dim, vision.projector_bias
    inside = (
        group("backbone", *_backbone(vision)),
        linear("proj_in", wide, inner, bias=bias),
        linear("proj_out", inner, stream, bias=bias),
    )
    return (tower("model.visual", inside),)


def _backbone(c: InklingVision) -> tuple[Block, ...]:
    width, patch = int(c.hidden_size), c.num_channels * c.patch_size**2
    names = ("vision_config.hidden_size", "vision_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    places = (int(c.posemb_grid_size) ** 2, width)
    added_tensors = (
        Tensor("class_embedding", (width,)),
        Tensor("cls_position_embedding", (width,)),
        Tensor("position_embedding", places),
    )
    return (
        tensor_block("embeddings", *added_tensors),
        linear("embeddings.patch_embedding", patch, width),
        layer_norm("ln_pre", width),
        encoder("", _layer(c, width), c.num_hidden_layers),
    )


def _layer(c: InklingVision, width: int) -> Block:
    """What attention and the MLP give is scaled, each channel by a number."""
    inner = int(width * c.mlp_ratio) if c.intermediate_size is None else c.intermediate_size
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=inner,
        activation=c.hidden_act,
        names=("c_fc", "c_proj"),
        bias=True,
    )
    scale = Tensor("gamma", (width,))
    return layer(
        layer_norm("ln_1", width),
        group("self_attn", *four_maps(width)),
        tensor_block("ls_1", scale),
        layer_norm("ln_2", width),
        mlp,
        tensor_block("ls_2", scale),
    )
