"""Perception Encoder as timm has it: a vision transformer turned in two dimensions, with places of its own besides.

Reference: timm/models/eva.py (github.com/huggingface/pytorch-image-models, 1.0.31), vit_pe_core_* and vit_pe_lang_*
Paper: https://arxiv.org/abs/2504.13181
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import multiple
from llm_gallery.families._vision import encoder, filters, tensor_block, tower

COLOURS = 3
LARGE: Mapping[str, Any] = {
    "patch_size": 14, "embed_dim": 1024, "num_heads": 16, "mlp_ratio": 4.0, "class_token": True,
}  # fmt: skip
GIGANTIC: Mapping[str, Any] = {
    "patch_size": 14, "embed_dim": 1536, "num_heads": 16, "mlp_ratio": 8960 / 1536, "class_token": False,
}  # fmt: skip
CORE: Mapping[str, Any] = {
    "global_pool": "map",
    "use_post_transformer_norm": True,
    "init_values": None,
}
LANG: Mapping[str, Any] = {
    "global_pool": "avg",
    "use_post_transformer_norm": False,
    "init_values": 0.1,
}
USUAL: Mapping[str, Mapping[str, Any]] = {
    "vit_pe_core_large_patch14_336": {**LARGE, **CORE, "depth": 24, "img_size": 336},
    "vit_pe_core_gigantic_patch14_448": {**GIGANTIC, **CORE, "depth": 50, "img_size": 448},
    "vit_pe_lang_large_patch14_448": {**LARGE, **LANG, "depth": 23, "img_size": 448},
    "vit_pe_lang_gigantic_patch14_448": {**GIGANTIC, **LANG, "depth": 47, "img_size": 448},
}
"""What timm builds by each name where no argument says otherwise."""
STORES_NOTHING = ("ref_feat_shape", "dynamic_img_size", "num_classes", "drop_path_rate")
"""Arguments that no size depends on: no wrapper has classes."""
POOLED, MEAN = "map", "avg"
"""Poolings that store something of their own: attention, and for most towers a norm."""


def derived(architecture: str, said: Mapping[str, Any]) -> bool:
    """Whether all that such a tower stores follows from what is known of it."""
    if architecture not in USUAL or not {*said} <= {*USUAL[architecture], *STORES_NOTHING}:
        return False
    arguments = _timm_arguments(architecture, said)
    pooled, ratio = arguments["global_pool"], arguments["mlp_ratio"]
    if not isinstance(arguments["class_token"], bool) or not _positive(ratio):
        return False
    normed = pooled == MEAN and USUAL[architecture]["global_pool"] != MEAN
    return not (normed or pooled == POOLED)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1000


def _timm_arguments(architecture: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What timm builds from: an argument that is null is none."""
    stated = {key: value for key, value in said.items() if value is not None}
    return {**USUAL[architecture], **stated}


def perception(architecture: str, said: Mapping[str, Any], name: str) -> Block:
    """The tower of that name with those arguments in place of its own.

    Raises Refusal where an argument isn't of its kind, or heads don't divide the width.
    """
    arguments = _timm_arguments(architecture, said)
    width, patch, depth, heads = (
        _size(arguments, key) for key in ("embed_dim", "patch_size", "depth", "num_heads")
    )
    at = "vision_config.model_args"
    multiple(width, heads, (f"{at}.embed_dim", f"{at}.num_heads"))
    high, wide = _sides(arguments)
    first = 1 if arguments["class_token"] else 0
    places = (high // patch) * (wide // patch) + first
    added_tensors = [Tensor("cls_token", (1, 1, width))] if first else []
    last = [layer_norm("norm", width)] if arguments["use_post_transformer_norm"] else []
    scaled = arguments["init_values"] is not None
    inside = (
        tensor_block("", *added_tensors, Tensor("pos_embed", (1, places, width))),
        filters("patch_embed.proj", width, COLOURS, patch, patch, bias=False),
        layer_norm("norm_pre", width),
        encoder("", _layer(width, int(width * arguments["mlp_ratio"]), scaled), depth, "blocks"),
        *last,
    )
    return tower(name, inside)


def _layer(width: int, inner: int, scaled: bool) -> Block:
    """What attention and the MLP give is scaled where the arguments say how that begins."""
    mlp = plain_mlp(
        "mlp", width=width, inner=inner, activation="gelu", names=("fc1", "fc2"), bias=True
    )
    size = (width,)
    scales = [tensor_block("", Tensor("gamma_1", size), Tensor("gamma_2", size))] if scaled else []
    return layer(
        layer_norm("norm1", width),
        linear("attn.qkv", width, 3 * width, bias=True),
        linear("attn.proj", width, width, bias=True),
        layer_norm("norm2", width),
        mlp,
        *scales,
    )


def _size(arguments: Mapping[str, Any], key: str) -> int:
    value = arguments[key]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 2**24:
        raise Refusal(
            f"vision_config.model_args.{key} is {quoted(value)}, expected a positive integer; correct it in the config"
        )
    return value


def _sides(arguments: Mapping[str, Any]) -> tuple[int, int]:
    """Height and width of a picture, which an argument says by one number or two."""
    said = arguments["img_size"]
    both = list(said) if isinstance(said, list | tuple) else [said, said]
    if len(both) != 2:
        raise Refusal(
            f"vision_config.model_args.img_size lists {len(both)} values, expected 2; correct it in the config"
        )
    high, wide = (_size({"img_size": side}, "img_size") for side in both)
    return high, wide
