"""SigLIP: a vision transformer whose patches are all there is, without a class token.

Reference: transformers/models/siglip/modeling_siglip.py
Paper: https://arxiv.org/abs/2303.15343
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, learned_positions, linear, plain_mlp
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import checked_tower, encoder, encoder_layer, tensor_block, tower


@config("siglip_vision_model")
class Siglip:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_channels: Size
    image_size: Size
    patch_size: Size
    num_attention_heads: Size
    hidden_act: str
    vision_use_head: bool


def siglip(c: Siglip, name: str = "vision_tower") -> Block:
    """Pre-norm layers with biases over patches, whose places are learned; a head where the config says so."""
    width = c.hidden_size
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    side = c.image_size // c.patch_size
    patch = (int(width), int(c.num_channels), int(c.patch_size), int(c.patch_size))
    one = encoder_layer(
        width, c.intermediate_size, norms=("layer_norm1", "layer_norm2"), output="out_proj"
    )
    return tower(
        name,
        (
            tensor_block(
                "embeddings.patch_embedding", Tensor("weight", patch), Tensor("bias", (int(width),))
            ),
            learned_positions("embeddings.position_embedding", side * side, width),
            encoder("encoder", one, c.num_hidden_layers),
            layer_norm("post_layernorm", width),
            *([pooling_head(c)] if c.vision_use_head else []),
        ),
    )


def pooling_head(c: Siglip) -> Block:
    """One learned query that attends to all patches; stored where the config says so, never used here."""
    width = int(c.hidden_size)
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    stored = (
        Tensor("probe", (1, 1, width)),
        Tensor("attention.in_proj_weight", (3 * width, width)),
        Tensor("attention.in_proj_bias", (3 * width,)),
    )
    attention = linear("attention.out_proj", width, width, bias=True)
    inside = (attention, layer_norm("layernorm", width), mlp)
    return Block("group", "head", tensors=stored, inside=inside)
