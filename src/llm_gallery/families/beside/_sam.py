"""SAM's image encoder: windows and a few layers over the whole picture, with relative places, and a neck of convolutions.

Reference: transformers/models/sam/modeling_sam.py, transformers/models/got_ocr2/modeling_got_ocr2.py
Paper: https://arxiv.org/abs/2304.02643
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, stack
from llm_gallery.families._config import Count, Depth, Factor, Size, at_most, config, multiple
from llm_gallery.families._layers import each
from llm_gallery.families._vision import encoder_layer, patches, tensor_block, tower


@config("got_ocr2_vision", unused=("num_pos_feats",))
class GotVision:
    hidden_size: Size
    output_channels: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    image_size: Size
    patch_size: Size
    hidden_act: str
    qkv_bias: bool
    use_abs_pos: bool
    use_rel_pos: bool
    window_size: Count
    global_attn_indexes: tuple[Count, ...]
    mlp_dim: Size | None


@config("pp_chart2table_vision")
class ChartVision(GotVision):
    pass


@config("sam_vision_model", unused=("num_pos_feats", "scale"))
class SamVision(GotVision):
    mlp_ratio: Factor


def sam(c: GotVision, name: str, below: str = "") -> Block:
    """The encoder and its neck; `below` is where the tower keeps them."""
    width, side = int(c.hidden_size), int(c.image_size // c.patch_size)
    at_most(c.patch_size, c.image_size, ("patch_size", "image_size"))
    over_all = [not c.window_size or i in c.global_attn_indexes for i in range(c.num_hidden_layers)]
    layers = each(over_all, lambda whole: layer_over(c, side if whole else int(c.window_size)))
    places = (
        [tensor_block("", Tensor("pos_embed", (1, side, side, width)))] if c.use_abs_pos else []
    )
    whole = (
        patches("patch_embed.projection", width, c.num_channels, (c.patch_size, c.patch_size)),
        *places,
        Block("group", "", inside=(stack("layers", layers),)),
        neck(c, "neck"),
    )
    return tower(name, (Block("group", below, inside=whole),) if below else whole)


def layer_over(c: GotVision, side: int) -> Block:
    """A layer that attends within `side` patches each way, with a vector for each distance."""
    width = int(c.hidden_size)
    dim = multiple(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    distances = (2 * side - 1, int(dim))
    relative = (Tensor("rel_pos_h", distances), Tensor("rel_pos_w", distances))
    return encoder_layer(
        width,
        inside_of(c),
        output="proj",
        activation=c.hidden_act,
        attention="attn",
        joined="qkv",
        bias=c.qkv_bias,
        maps=("lin1", "lin2"),
        stored=relative if c.use_rel_pos else (),
    )


def inside_of(c: GotVision) -> int:
    """The MLP's width: some times the tower's where SAM's own config states none."""
    if c.mlp_dim is None:
        assert isinstance(c, SamVision)  # no other may leave it out
        return int(c.hidden_size * c.mlp_ratio)
    return c.mlp_dim


def neck(c: GotVision, name: str) -> Block:
    """Two convolutions to the channels of the output, a norm after each."""
    channels = int(c.output_channels)
    inside = (
        convolution("conv1", int(c.hidden_size), channels, 1),
        layer_norm("layer_norm1", channels),
        convolution("conv2", channels, channels, 3),
        layer_norm("layer_norm2", channels),
    )
    return Block("group", name, inside=inside)


def convolution(name: str, inputs: int, outputs: int, side: int) -> Block:
    """A convolution over `side` pixels each way, without a bias."""
    return tensor_block(name, Tensor("weight", (int(outputs), int(inputs), side, side)))
