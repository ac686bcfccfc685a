"""C-RADIO: a vision transformer with several class tokens and registers, places up to the largest picture, and frames in twos.

Reference: transformers/models/radio/modeling_radio.py
Paper: https://arxiv.org/abs/2312.06709
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, plain_mlp, stack
from llm_gallery.families._config import Count, Depth, Factor, Size, at_most, config, multiple
from llm_gallery.families._vision import tensor_block, tower


@config(
    "radio",
    unused=(
        "drop_path_rate",
        "image_size",
        "layerscale_value",
        "norm_mean",
        "norm_std",
        "patch_dim",
        "video_patch_dim",
    ),
)
class Radio:
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    mlp_ratio: Factor
    hidden_act: str
    use_swiglu_ffn: bool
    qkv_bias: bool
    num_channels: Size
    patch_size: Size
    max_img_size: Size
    num_cls_tokens: Count
    num_registers: Count
    video_temporal_patch_size: Size | None
    summary_idxs: tuple[Count, ...] | None


USUAL = 2
"""Class tokens that are read, where a config lists none."""


def radio(c: Radio, name: str) -> Block:
    """The tower as the reference stores it: with the scales of its branches, which start at 1 and releases leave out."""
    width = int(c.hidden_size)
    multiple(
        width,
        c.num_attention_heads,
        ("vision_config.hidden_size", "vision_config.num_attention_heads"),
    )
    at_most(
        c.patch_size, c.max_img_size, ("vision_config.patch_size", "vision_config.max_img_size")
    )
    read = USUAL if c.summary_idxs is None else len(c.summary_idxs)
    model = (
        group("patch_generator", *patches(c)),
        stack("blocks", [one_layer(c)] * c.num_hidden_layers),
    )
    return tower(
        name,
        (
            group(
                "radio_model",
                tensor_block("", Tensor("summary_idxs", (read,))),
                group("model", *model),
            ),
        ),
    )


def patches(c: Radio) -> Iterator[Block]:
    """Maps of a patch, of a picture and of several frames; tokens before them, and a place for each of the largest picture."""
    width, pixels = int(c.hidden_size), c.num_channels * c.patch_size**2
    side = int(c.max_img_size // c.patch_size)
    before = int(c.num_cls_tokens + c.num_registers)
    yield linear("embedder", pixels, width)
    if c.video_temporal_patch_size is not None:
        yield linear("video_embedder", pixels * c.video_temporal_patch_size, width)
    yield tensor_block("", Tensor("pos_embed", (1, side * side, width)))
    yield tensor_block("cls_token", Tensor("token", (before, width)))


def one_layer(c: Radio) -> Block:
    """Attention and an MLP, each normed before and scaled after, with biases."""
    width = int(c.hidden_size)
    qkv = linear("qkv", width, 3 * width, role=("query", "key", "value"), bias=c.qkv_bias)
    out = linear("proj", width, width, role="output", bias=True)
    scales = [tensor_block(f"layer_scale{i}", Tensor("lambda1", (width,))) for i in (1, 2)]
    return layer(
        layer_norm("norm1", width),
        Block("attention", "attn", inside=(qkv, out)),
        scales[0],
        layer_norm("norm2", width),
        mlp(c),
        scales[1],
    )


def mlp(c: Radio) -> Block:
    """Two matrices; or three, as wide as two thirds of them, rounded up to eight channels."""
    width = int(c.hidden_size)
    inner = int(width * c.mlp_ratio)
    if not c.use_swiglu_ffn:
        return plain_mlp(
            "mlp",
            width=width,
            inner=inner,
            activation=c.hidden_act,
            names=("fc1", "fc2"),
            bias=True,
        )
    third = -(-int(inner * 2 / 3) // 8) * 8
    return group(
        "mlp",
        linear("gate_proj", width, third, bias=True),
        linear("up_proj", width, third, bias=True),
        linear("down_proj", third, width, bias=True),
    )
