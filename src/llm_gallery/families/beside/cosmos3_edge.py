"""Cosmos 3 Edge: SigLIP 2, and a merger of neighbouring patches.

Reference: transformers/models/cosmos3_edge/modular_cosmos3_edge.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    group,
    layer_norm,
    learned_positions,
    linear,
)
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import encoder, pre_norm, tower


@config("cosmos3_edge_vision")
class EdgeVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    patch_size: Size
    num_patches: Size
    spatial_merge_size: Size
    hidden_act: str


@config("cosmos3_edge")
class Cosmos3Edge:
    vision_config: EdgeVision
    projector_hidden_size: Size


def cosmos3_edge(c: Cosmos3Edge, stream: int) -> tuple[Block, ...]:
    vision = c.vision_config
    wide = vision.hidden_size * vision.spatial_merge_size**2
    joined = (
        layer_norm("norm", vision.hidden_size),
        linear("linear_fc1", wide, c.projector_hidden_size, bias=True),
        linear("linear_fc2", c.projector_hidden_size, stream, bias=True),
    )
    return (
        tower("model.visual", _tower(vision)),
        Block("projector", "model.projector", inside=joined),
    )


def _tower(c: EdgeVision) -> tuple[Block, ...]:
    """Patches come as rows of pixels; the projections are called as diffusers calls them."""
    width, patch = c.hidden_size, c.num_channels * c.patch_size**2
    names = ("vision_config.hidden_size", "vision_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    maps = (linear(name, width, width, bias=True) for name in ("to_q", "to_k", "to_v", "out_proj"))
    encoder_layer = pre_norm(
        group("self_attn", *maps),
        width,
        c.intermediate_size,
        norms=("layer_norm1", "layer_norm2"),
        activation=c.hidden_act,
        maps=("up_proj", "down_proj"),
    )
    return (
        linear("embeddings.patch_embedding", patch, width, bias=True),
        learned_positions("embeddings.position_embedding", c.num_patches, width),
        encoder("encoder", encoder_layer, c.num_hidden_layers),
        layer_norm("post_layernorm", width),
    )
