"""Molmo's tower: CLIP's encoder without its last layer; what some of its layers give is pooled by attention and projected.

Reference: modeling_molmo.py of the release (transformers has no such type): OLMoPretrainedVisionBackbone
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import encoder, tensor_block, tower

PATH = "model.vision_backbone"
COLOURS = 3


@config(
    "",
    unused=(
        "attention_dropout", "fsdp_wrap", "image_default_input_size", "image_dropout_rate", "image_model_type",
        "image_norm_eps", "image_pos_patch_size", "initializer_range", "residual_dropout", "resize_mode",
    ),
)  # fmt: skip
class MolmoVision:
    """The keys of a config that states its tower; the defaults are what the class builds where none does."""

    image_emb_dim: Size = 1024
    image_head_dim: Size = 64
    image_mlp_activations: str = "quick_gelu"
    image_mlp_dim: Size = 4096
    image_num_heads: Size = 16
    image_num_key_value_heads: Size = 16
    image_num_layers: Depth = 23
    image_num_pos: Size = 577
    image_patch_size: Size = 14


def molmo_tower(c: MolmoVision, stream: int, inner: int, layers: int) -> Sequence[Block]:
    """The encoder, and what makes tokens of patches: `inner` channels of a gated MLP, to the `stream`'s width.

    Of `layers` of the encoder what they give is read, side by side.
    """
    width = int(c.image_emb_dim)
    read = layers * width
    queries, keys = (
        count * c.image_head_dim for count in (c.image_num_heads, c.image_num_key_value_heads)
    )
    attends = attention("attention", width, queries, keys, width)
    block = encoder_layer(attends, width, c.image_mlp_dim, c.image_mlp_activations)
    places = Tensor("positional_embedding", (int(c.image_num_pos), width))
    encoded = tower(
        f"{PATH}.image_vit",
        (
            tensor_block("", Tensor("class_embedding", (width,)), places),
            linear("patch_embedding", c.image_patch_size**2 * COLOURS, width),
            layer_norm("pre_ln", width),
            encoder("transformer", block, c.image_num_layers, "resblocks"),
        ),
    )
    joined = Block(
        "projector",
        PATH,
        inside=(
            tensor_block("", Tensor("pad_embed", (2, read))),
            attention("image_pooling_2d", read, queries, keys, width),
            tensor_block("image_projector", *_projector(width, stream, inner)),
        ),
    )
    return encoded, joined


def attention(
    name: str, reads: int, queries: int, keys: int, gives: int, *, bias: bool = True
) -> Block:
    """Attention under Molmo's names: what it reads, the channels of queries and of keys, and what it gives."""
    return Block(
        "attention",
        name,
        inside=(
            linear("wq", reads, queries, role="query", bias=bias),
            linear("wk", reads, keys, role="key", bias=bias),
            linear("wv", reads, keys, role="value", bias=bias),
            linear("wo", queries, gives, role="output", bias=bias),
        ),
    )


def encoder_layer(attends: Block, width: int, inner: int, activation: str) -> Block:
    """Norms before attention and before an MLP of two maps with biases."""
    mlp = plain_mlp(
        "feed_forward",
        width=width,
        inner=inner,
        activation=activation,
        names=("w1", "w2"),
        bias=True,
    )
    return layer(layer_norm("attention_norm", width), attends, layer_norm("ffn_norm", width), mlp)


def _projector(width: int, stream: int, inner: int) -> Sequence[Tensor]:
    shapes = {"w1": (inner, width), "w2": (stream, inner), "w3": (inner, width)}
    return [Tensor(f"{name}.weight", (int(a), int(b))) for name, (a, b) in shapes.items()]
