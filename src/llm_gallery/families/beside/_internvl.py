"""InternViT: a vision transformer whose branches are scaled by a vector each, with a class token.

Reference: transformers/models/internvl/modeling_internvl.py; of the releases' own code,
https://github.com/OpenGVLab/InternVL/blob/main/internvl_chat/internvl/model/internvl_chat/modeling_intern_vit.py
Paper: https://arxiv.org/abs/2312.14238
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp, rms_norm
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    four_maps,
    patches,
    tensor_block,
    tower,
)

Sides = Size | tuple[Size, ...]
"""A side of a square, or height and width."""


@config("internvl_vision", unused=("layer_scale_init_value", "projection_dropout"))
class InternVlVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    image_size: Sides
    patch_size: Sides
    hidden_act: str
    attention_bias: bool
    use_qk_norm: bool
    norm_type: Literal["layer_norm", "rms_norm"]
    use_mask_token: bool
    use_absolute_position_embeddings: bool
    use_mean_pooling: bool


@config("qianfan_ocr_vision", unused=("drop_path_rate",))
class QianfanVision(InternVlVision):
    pass


RELEASE_ONLY = (
    "drop_path_rate", "dropout", "initializer_factor", "num_channels", "use_flash_attn",
)  # fmt: skip
"""Keys of InternVL's own code that change no size; its class takes pictures of three colours whatever a key says."""


@config("intern_vit_6b", unused=RELEASE_ONLY)
class InternVit:
    """The keys of InternVL's own releases, with the switches that its configuration class takes for granted."""

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    image_size: Size
    patch_size: Size
    hidden_act: str = "gelu"
    qkv_bias: bool = False
    qk_normalization: bool = True
    norm_type: Literal["layer_norm", "rms_norm"] = "rms_norm"
    num_channels: ClassVar[int] = 3
    use_mask_token: ClassVar[bool] = False
    use_absolute_position_embeddings: ClassVar[bool] = True
    use_mean_pooling: ClassVar[bool] = True

    @property
    def attention_bias(self) -> bool:
        """As transformers calls it."""
        return self.qkv_bias

    @property
    def use_qk_norm(self) -> bool:
        """As transformers calls it."""
        return self.qk_normalization


class Spelled(NamedTuple):
    """What a checkpoint calls the parts."""

    token: str = "cls_token"
    places: str = "position_embeddings"
    patch: str = "patch_embeddings.projection"
    layers: str = "layer"
    attention: str = "attention"
    joined: str = ""  # the one matrix of q, k and v where they stand in one
    output: str = "projection_layer"
    norms: tuple[str, str] = ("layernorm_before", "layernorm_after")
    scales: tuple[str, str] = ("lambda_1", "lambda_2")


SPELLED = Spelled()
"""As transformers has them."""
RELEASED = Spelled(
    "class_embedding", "position_embedding", "patch_embedding", "layers", "attn", "qkv", "proj", ("norm1", "norm2"),
    ("ls1", "ls2"),
)  # fmt: skip
"""As InternVL's own code has them, and Qianfan's checkpoint."""


def internvl_vision(c: InternVlVision | InternVit, name: str, said: Spelled = SPELLED) -> Block:
    """The tower; a last norm where the patches aren't averaged."""
    width = int(c.hidden_size)
    image, patch = sides(c.image_size, "image_size"), sides(c.patch_size, "patch_size")
    for pixels, step in zip(image, patch, strict=True):
        checked_tower(width, c.num_attention_heads, step, pixels)
    places = (image[0] // patch[0]) * (image[1] // patch[1]) + 1
    added_tensors = [Tensor(said.token, (1, 1, width))]
    if c.use_mask_token:
        added_tensors.append(Tensor("mask_token", (1, 1, width)))
    if c.use_absolute_position_embeddings:
        added_tensors.append(Tensor(said.places, (1, places, width)))
    last = () if c.use_mean_pooling else (layer_norm("layernorm", width),)
    return tower(
        name,
        (
            tensor_block("embeddings", *added_tensors),
            patches(f"embeddings.{said.patch}", width, c.num_channels, patch),
            encoder("encoder", one_layer(c, width, said), c.num_hidden_layers, said.layers),
            *last,
        ),
    )


def one_layer(c: InternVlVision | InternVit, width: int, said: Spelled) -> Block:
    """Attention and an MLP, each normed before and scaled after."""
    bias = c.attention_bias
    *maps, out = four_maps(width, bias=bias, output=said.output, output_bias=True)
    if said.joined:
        roles = ("query", "key", "value")
        maps = [linear(said.joined, width, 3 * width, role=roles, bias=bias)]
    normed = (rms_norm("q_norm", width), rms_norm("k_norm", width)) if c.use_qk_norm else ()
    norm = layer_norm if c.norm_type == "layer_norm" else rms_norm
    first, second = (tensor_block("", Tensor(scale, (width,))) for scale in said.scales)
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
        bias=True,
    )
    return layer(
        norm(said.norms[0], width),
        Block("attention", said.attention, inside=(*maps, *normed, out)),
        first,
        norm(said.norms[1], width),
        mlp,
        second,
    )


def sides(value: int | Sequence[int], key: str) -> tuple[int, int]:
    """Height and width, where a config states one number or both. Raises Refusal for another count."""
    if not isinstance(value, Sequence):
        return int(value), int(value)
    if len(value) != 2:
        raise Refusal(
            f"vision_config.{key} is {quoted(value)}, expected one number or two; correct it in the config"
        )
    return int(value[0]), int(value[1])
