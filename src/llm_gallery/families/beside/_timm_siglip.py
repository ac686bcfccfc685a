"""SigLIP under the names of timm, which keeps q, k and v in one matrix and its pooling head's k and v in another.

Reference: deepseek_vl2/models/siglip_vit.py (github.com/deepseek-ai/DeepSeek-VL2), timm/layers/attention_pool.py
Paper: https://arxiv.org/abs/2303.15343
"""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, linear, plain_mlp, stack
from llm_gallery.families._vision import checked_tower, encoder_layer, patches, tensor_block, tower

COLOURS = 3
ACTIVATION = "gelu_pytorch_tanh"


class Sizes(NamedTuple):
    """Of a tower that takes square pictures."""

    width: int
    inner: int
    layers: int
    heads: int
    image: int
    patch: int


def timm_siglip(c: Sizes, name: str) -> Block:
    """Patches without a class token, learned places, pre-norm layers, a last norm and one query that pools."""
    checked_tower(c.width, c.heads, c.patch, c.image, "heads")
    decoder_layer = encoder_layer(
        c.width,
        c.inner,
        norms=("norm1", "norm2"),
        attention="attn",
        joined="qkv",
        output="proj",
        activation=ACTIVATION,
    )
    places = (c.image // c.patch) ** 2
    return tower(
        name,
        (
            patches("patch_embed.proj", c.width, COLOURS, (c.patch, c.patch)),
            tensor_block("", Tensor("pos_embed", (1, places, c.width))),
            stack("blocks", [decoder_layer] * c.layers),
            layer_norm("norm", c.width),
            pooling(c),
        ),
    )


def pooling(c: Sizes) -> Block:
    """Attention of one learned query to all patches, and an MLP."""
    mlp = plain_mlp(
        "mlp",
        width=c.width,
        inner=c.inner,
        activation=ACTIVATION,
        names=("fc1", "fc2"),
        bias=True,
    )
    return group(
        "attn_pool",
        tensor_block("", Tensor("latent", (1, 1, c.width))),
        linear("q", c.width, c.width, role="query", bias=True),
        linear("kv", c.width, 2 * c.width, role=("key", "value"), bias=True),
        linear("proj", c.width, c.width, role="output", bias=True),
        layer_norm("norm", c.width),
        mlp,
    )
