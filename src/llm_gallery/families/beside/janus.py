"""Janus: SigLIP for what it reads, a VQGAN for what it draws, and a head of its own for the ids of pictures.

Reference: transformers/models/janus/modeling_janus.py
Paper: https://arxiv.org/abs/2501.17811
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, learned_positions, linear
from llm_gallery.families._config import Depth, Factor, Size, config
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    encoder_layer,
    patches,
    tensor_block,
    tower,
)
from llm_gallery.families.beside._vqgan import Vqgan, vqgan

UNUSED = ("hidden_dropout_rate", "num_image_tokens", "projection_dropout")


@config("janus_vision_model", unused=UNUSED)
class JanusVision:
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    image_size: Size
    patch_size: Size
    hidden_act: str
    mlp_ratio: Factor
    attention_bias: bool
    use_qk_norm: bool
    projection_dim: Size
    depth: Depth


@config("janus")
class Janus:
    vision_config: JanusVision
    vq_config: Vqgan


def janus(c: Janus, stream: int) -> tuple[Block, ...]:
    """The maps are as wide as their own keys say; what draws reads the stream and gives the codebook's ids."""
    vision, drawn = c.vision_config, c.vq_config
    codes = Tensor("weight", (int(drawn.num_embeddings), int(drawn.embed_dim)))
    head = (
        linear("proj_out", drawn.image_token_embed_dim, drawn.projection_dim, bias=True),
        linear("vision_head", drawn.projection_dim, drawn.num_embeddings, bias=True),
    )
    joined = (
        aligner("aligner", vision.hidden_size, vision.projection_dim, vision.depth),
        tensor_block("generation_embeddings", codes),
        aligner(
            "generation_aligner", drawn.embed_dim, drawn.projection_dim, drawn.num_hidden_layers
        ),
        Block("group", "generation_head", inside=head),
    )
    return (
        janus_vision(vision),
        vqgan(drawn, "model.vqmodel"),
        Block("projector", "model", inside=joined),
    )


def janus_vision(c: JanusVision) -> Block:
    """SigLIP's parts; q and k may be normed over all heads."""
    width = int(c.hidden_size)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    normed = [Tensor(f"{part}_norm.{end}", (width,)) for part in "qk" for end in ("weight", "bias")]
    block = encoder_layer(
        width,
        int(c.hidden_size * c.mlp_ratio),
        output="projection_layer",
        activation=c.hidden_act,
        bias=c.attention_bias,
        stored=tuple(normed) if c.use_qk_norm else (),
    )
    places = int(c.image_size // c.patch_size) ** 2
    return tower(
        "model.vision_model",
        (
            patches(
                "embeddings.patch_embedding", width, c.num_channels, (c.patch_size, c.patch_size)
            ),
            learned_positions("embeddings.position_embedding", places, width),
            encoder("encoder", block, c.num_hidden_layers),
            layer_norm("post_layernorm", width),
        ),
    )


def aligner(name: str, inputs: int, width: int, depth: int) -> Block:
    """As many linear maps as told, an activation between."""
    more = (linear(f"hidden_layers.{i}", width, width, bias=True) for i in range(depth - 1))
    return Block("group", name, inside=(linear("fc1", inputs, width, bias=True), *more))
