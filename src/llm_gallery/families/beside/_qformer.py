"""The Q-Former: learned queries that attend to one another and, in some layers, to a picture's patches; and BLIP-2's tower.

Reference: transformers/models/blip_2/modeling_blip_2.py, transformers/models/instructblip/modeling_instructblip.py
Paper: https://arxiv.org/abs/2301.12597
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._layers import each
from llm_gallery.families._vision import (
    Vit,
    checked_tower,
    encoder,
    encoder_layer,
    patches,
    tensor_block,
    tower,
)

OF_BERT = ("classifier_dropout", "position_embedding_type")
"""Keys of releases that the class reads no longer: places are learned, whatever they say."""
COLOURS = 3
"""Channels of a picture: the tower's class takes no others."""


@config(
    "blip_2_vision_model",
    unused=("dropout", "initializer_factor", "num_channels", "projection_dim"),
)
class Blip2Vision(Vit):
    qkv_bias: bool


@config("instructblip_vision_model")
class InstructBlipVision(Blip2Vision):
    pass


@config("instructblipvideo_vision_model")
class InstructBlipVideoVision(Blip2Vision):
    pass


@config(
    "blip_2_qformer",
    unused=(*OF_BERT, "encoder_hidden_size", "hidden_act", "max_position_embeddings", "vocab_size"),
)
class Blip2Qformer:
    """Its width of a picture's patches is the tower's, whatever a key says."""

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    cross_attention_frequency: Size
    use_qformer_text_input: bool


@config("instructblip_qformer", unused=(*OF_BERT, "encoder_hidden_size", "hidden_act"))
class InstructQformer:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    cross_attention_frequency: Size
    vocab_size: Size
    max_position_embeddings: Size


@config("instructblipvideo_qformer")
class InstructVideoQformer(InstructQformer):
    pass


def blip2_vision(c: Blip2Vision) -> Block:
    """A class token before the patches; q, k and v in one matrix."""
    width = int(c.hidden_size)
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    places = int(c.image_size // c.patch_size) ** 2 + 1
    block = encoder_layer(
        width,
        c.intermediate_size,
        output="projection",
        activation=c.hidden_act,
        joined="qkv",
        bias=c.qkv_bias,
    )
    sides = c.patch_size, c.patch_size
    return tower(
        "vision_model",
        (
            tensor_block(
                "embeddings",
                Tensor("class_embedding", (1, 1, width)),
                Tensor("position_embedding", (1, places, width)),
            ),
            patches("embeddings.patch_embedding", width, COLOURS, sides),
            encoder("encoder", block, c.num_hidden_layers),
            layer_norm("post_layernorm", width),
        ),
    )


def with_queries(c: Blip2Qformer | InstructQformer, queries: int, read: int, stream: int) -> Block:
    """The queries, what they run through, and the map to the stream; `read` is the tower's width."""
    width = int(c.hidden_size)
    multiple(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    if isinstance(c, InstructQformer):
        block = group(
            "qformer", words(c), layers_of(c, width, c.intermediate_size, read, text=True)
        )
    else:
        block = group("qformer", *norm_and_layers(c, width, read))
    inside = (
        tensor_block("", Tensor("query_tokens", (1, int(queries), width))),
        block,
        linear("language_projection", width, stream, bias=True),
    )
    return Block("projector", "", inside=inside)


def words(c: InstructQformer) -> Block:
    """The instruction's words, read beside the queries."""
    table = Tensor("weight", (int(c.vocab_size), int(c.hidden_size)))
    return group(
        "embeddings",
        tensor_block("word_embeddings", table),
        learned_positions("position_embeddings", c.max_position_embeddings, c.hidden_size),
        layer_norm("layernorm", c.hidden_size),
    )


def norm_and_layers(c: Blip2Qformer, width: int, read: int) -> tuple[Block, Block]:
    """BLIP-2's norm and layers, as wide as told."""
    layers = layers_of(c, width, c.intermediate_size, read, text=c.use_qformer_text_input)
    return layer_norm("layernorm", width), layers


def layers_of(
    c: Blip2Qformer | InstructQformer, width: int, inner: int, read: int, *, text: bool
) -> Block:
    """Layers whose first, and each some layers after it, read the patches; words have an MLP of their own."""
    every = c.cross_attention_frequency
    crosses = [i % every == 0 for i in range(c.num_hidden_layers)]

    def encoder_layer(crossing: bool) -> Block:
        return layer(
            attention("attention", width, width),
            *([attention("crossattention", width, read)] if crossing else []),
            *(mlp(width, inner, "") if text else ()),
            *mlp(width, inner, "_query"),
        )

    return group("encoder", stack("layer", each(crosses, encoder_layer)))


def attention(name: str, width: int, read: int) -> Block:
    """Post-norm attention; keys and values of what is read."""
    inside = (
        linear("attention.query", width, width, role="query", bias=True),
        linear("attention.key", read, width, role="key", bias=True),
        linear("attention.value", read, width, role="value", bias=True),
        linear("output.dense", width, width, role="output", bias=True),
        layer_norm("output.LayerNorm", width),
    )
    return Block("attention", name, inside=inside)


def mlp(width: int, inner: int, whose: str) -> tuple[Block, ...]:
    """Two matrices and a norm after them."""
    return (
        linear(f"intermediate{whose}.dense", width, inner, bias=True),
        linear(f"output{whose}.dense", inner, width, bias=True),
        layer_norm(f"output{whose}.LayerNorm", width),
    )
