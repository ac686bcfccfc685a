"""GLM-4V 9B's EVA: a vision transformer whose norms stand after its sublayers, and an adapter as gated as the text's MLP.

Reference: https://huggingface.co/THUDM/glm-4v-9b/blob/main/visual.py
Paper: https://arxiv.org/abs/2303.15389
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    group,
    layer,
    layer_norm,
    learned_positions,
    linear,
    plain_mlp,
)
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import checked_tower, encoder, filters, tensor_block, tower

MERGED = 2
"""Patches on each side that become one; no key says it."""


@config("chatglm_vision", unused=("dropout_prob", "scaling_factor"))
class Eva:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_heads: Size
    in_channels: Size
    patch_size: Size
    image_size: Size
    num_positions: Size
    hidden_act: str


def eva(c: Eva, name: str, stream: int, inner: int) -> Block:
    """The tower and its adapter, to a stream of that width, whose own MLP is `inner` wide."""
    width, side, wide = int(c.hidden_size), c.patch_size, int(stream)
    checked_tower(width, c.num_heads, side, c.image_size, "num_heads")
    inside = (
        filters("patch_embedding.proj", width, c.in_channels, side, side),
        tensor_block("patch_embedding", Tensor("cls_embedding", (1, width))),
        learned_positions("patch_embedding.position_embedding", c.num_positions, width),
        encoder("transformer", _layer(c, width), c.num_hidden_layers),
        filters("conv", wide, width, MERGED, MERGED),
        group("linear_proj", *_adapter(wide, inner)),
        tensor_block("", *(Tensor(end, (1, 1, wide)) for end in ("boi", "eoi"))),
    )
    return tower(name, inside)


def _layer(c: Eva, width: int) -> Block:
    """Biases all over; q, k and v in one matrix."""
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    attention = (
        linear("query_key_value", width, 3 * width, bias=True),
        linear("dense", width, width, bias=True),
    )
    return layer(
        group("attention", *attention),
        layer_norm("input_layernorm", width),
        mlp,
        layer_norm("post_attention_layernorm", width),
    )


def _adapter(width: int, inner: int) -> tuple[Block, ...]:
    return (
        linear("linear_proj", width, width),
        layer_norm("norm1", width),
        linear("gate_proj", width, inner),
        linear("dense_h_to_4h", width, inner),
        linear("dense_4h_to_h", inner, width),
    )
