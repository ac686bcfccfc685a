"""SigLIP: a vision transformer whose patches are all there is, without a class token.

Reference: transformers/models/siglip/modeling_siglip.py
Paper: https://arxiv.org/abs/2303.15343
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, learned_positions, linear, plain_mlp
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import checked_tower, encoder, encoder_layer, patches, tower

OF_THE_PICTURES = (
    "max_image_size", "num_positions", "projection_dim", "projector_hidden_act", "size", "use_base_siglip", "vocab_size",
)  # fmt: skip
"""Keys of releases: how pictures are cut, what follows from the others, and what the projector is told outside."""


@config("siglip_vision_model", unused=OF_THE_PICTURES)
class AnySiglip:
    """The keys of SigLIP and SigLIP 2."""

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_channels: Size
    patch_size: Size
    num_attention_heads: Size
    hidden_act: str
    vision_use_head: bool


@config("siglip_vision_model")
class Siglip(AnySiglip):
    image_size: Size


@config("idefics2_vision", unused=("vision_use_head",))
class Idefics2Vision(Siglip):
    vision_use_head: bool = False  # no such key: none


@config("idefics3_vision", unused=("vision_use_head",))
class Idefics3Vision(Idefics2Vision):
    vision_use_head: bool = False


@config("smolvlm_vision", unused=("vision_use_head",))
class SmolVlmVision(Idefics2Vision):
    vision_use_head: bool = False


@config("siglip2_vision_model", unused=("image_size",))
class Siglip2(AnySiglip):
    """SigLIP 2, which takes pictures of any size."""

    num_patches: Size


def siglip(c: Siglip, name: str = "vision_tower") -> Block:
    """Pre-norm layers with biases over patches, whose places are learned; a head where the config says so."""
    width = c.hidden_size
    checked_tower(width, c.num_attention_heads, c.patch_size, c.image_size)
    side = c.image_size // c.patch_size
    patch = c.patch_size, c.patch_size
    return tower(
        name,
        (
            patches("embeddings.patch_embedding", width, c.num_channels, patch),
            learned_positions("embeddings.position_embedding", side * side, width),
            *after_patches(c),
        ),
    )


def siglip2(c: Siglip2, name: str) -> Block:
    """Patches come as rows of pixels, so that a linear map reads them; places are as many as the config says."""
    width, patch = int(c.hidden_size), int(c.num_channels * c.patch_size**2)
    multiple(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    first = (
        linear("embeddings.patch_embedding", patch, width, bias=True),
        learned_positions("embeddings.position_embedding", c.num_patches, width),
    )
    return tower(name, (*first, *after_patches(c)))


def after_patches(c: AnySiglip) -> tuple[Block, ...]:
    """The layers, the last norm, and the head where the config says so."""
    block = encoder_layer(
        c.hidden_size,
        c.intermediate_size,
        activation=c.hidden_act,
    )
    return (
        encoder("encoder", block, c.num_hidden_layers),
        layer_norm("post_layernorm", c.hidden_size),
        *([pooling_head(c)] if c.vision_use_head else []),
    )


def pooling_head(c: AnySiglip) -> Block:
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


def soft_tokens(inputs: int, stream: int, name: str) -> Block:
    """Gemma 3's projector: a norm, and one matrix to the stream's width."""
    stored = (
        Tensor("mm_input_projection_weight", (int(inputs), int(stream))),
        Tensor("mm_soft_emb_norm.weight", (int(inputs),)),
    )
    return Block("projector", name, tensors=stored)
