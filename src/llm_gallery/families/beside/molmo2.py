"""Molmo 2: layers of an encoder whose outputs stand side by side, pooled by attention and mapped by a gated MLP.

Names are those of the release, which the reference saves under, too.

Reference: transformers/models/molmo2/modular_molmo2.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, altered, at_most, config, exactly, same
from llm_gallery.families._molmo_tower import PATH, attention, encoder_layer
from llm_gallery.families._vision import encoder, tensor_block, tower


@config("molmo2_vision", unused=("float32_attention",))
class Molmo2Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size
    hidden_act: str
    image_size: tuple[Size, ...] | None
    patch_size: Size
    num_position_embeddings: Size | None
    num_channels: Size
    attention_bias: bool


@config("molmo2_adapter", unused=("float32_attention", "image_feature_dropout"))
class Molmo2Adapter:
    vision_feature_layer: tuple[int, ...] | None
    hidden_size: Size
    intermediate_size: Size
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size
    hidden_act: str
    text_hidden_size: Size
    attention_bias: bool
    mlp_bias: bool


@config(
    "molmo2",
    unused=(
        "frame_end_token_id",
        "frame_start_token_id",
        "image_patch_id",
        "low_res_image_start_token_id",
    ),
)
class Molmo2:
    """Of the release the tower's sizes stand under `vit_config`."""

    adapter_config: Molmo2Adapter
    vision_config: Molmo2Vision | None = None
    vit_config: Molmo2Vision | None = None


USUAL_LAYERS = (24, 18)
USUAL_IMAGE = (378, 378)
"""What the reference's class fills in where neither key says it."""


def molmo2(c: Molmo2, stream: int) -> tuple[Block, ...]:
    """The tower and the adapter. Of a release's tower the layers that nothing reads are no part of the checkpoint."""
    joined = c.adapter_config
    seen = c.vision_config or c.vit_config
    if seen is None:
        return ()
    same(joined.text_hidden_size, stream, ("adapter_config.text_hidden_size", "the stream"))
    same(joined.hidden_size, seen.hidden_size, ("adapter_config.hidden_size", "the tower's"))
    read = [_counted(layer, seen.num_hidden_layers) for layer in _layers(joined)]
    if c.vit_config is not None:
        seen = altered(seen, num_hidden_layers=max(read) + 1)
    return vision(seen), adapter(joined, len(read))


def left_out(c: Molmo2) -> tuple[str, ...]:
    """Both parts, where neither key says what the tower is."""
    stated = c.vision_config is not None or c.vit_config is not None
    return () if stated else ("vision_config", "adapter_config")


def _layers(c: Molmo2Adapter) -> tuple[int, ...]:
    layers_read = USUAL_LAYERS if c.vision_feature_layer is None else c.vision_feature_layer
    if not layers_read:
        raise Refusal(
            "adapter_config.vision_feature_layer is empty, expected the layers of the tower that are read; add them"
        )
    return layers_read


def _counted(layer: int, layers: int) -> int:
    """A layer's number from the first on. Raises Refusal where there is none such."""
    if not -layers <= layer < layers:
        raise Refusal(
            f"adapter_config.vision_feature_layer has {layer}, expected one of the tower's {layers} layers; "
            "correct it in the config"
        )
    return int(layer % layers)


def vision(c: Molmo2Vision) -> Block:
    """Patches as rows of pixels, learned places, no class token and no norm before or after the layers."""
    width, pixels = c.hidden_size, c.patch_size**2 * c.num_channels
    queries, keys = (count * c.head_dim for count in (c.num_attention_heads, c.num_key_value_heads))
    attends = attention("attention", width, queries, keys, width, bias=c.attention_bias)
    block = encoder_layer(attends, width, c.intermediate_size, c.hidden_act)
    return tower(
        f"{PATH}.image_vit",
        (
            tensor_block("", Tensor("positional_embedding", (_places(c), int(width)))),
            linear("patch_embedding", pixels, width, bias=True),
            encoder("transformer", block, c.num_hidden_layers, "resblocks"),
        ),
    )


def _places(c: Molmo2Vision) -> int:
    if c.num_position_embeddings is not None:
        return int(c.num_position_embeddings)
    key = "vision_config.image_size"
    high, wide = exactly(c.image_size or USUAL_IMAGE, 2, key)
    at_most(c.patch_size, min(high, wide), ("vision_config.patch_size", key))
    return int((high // c.patch_size) * (wide // c.patch_size))


def adapter(c: Molmo2Adapter, layers: int) -> Block:
    """Attention of the patches' mean to the patches, over all layers that are read, and a gated MLP to the stream."""
    width, inner = c.hidden_size, c.intermediate_size
    queries, keys = (count * c.head_dim for count in (c.num_attention_heads, c.num_key_value_heads))
    inside = (
        attention("image_pooling_2d", layers * width, queries, keys, width, bias=c.attention_bias),
        linear("image_projector.w1", width, inner, role="gate", bias=c.mlp_bias),
        linear("image_projector.w3", width, inner, role="up", bias=c.mlp_bias),
        linear("image_projector.w2", inner, c.text_hidden_size, role="down"),
    )
    return Block("projector", PATH, inside=inside)
