"""dots3-note's vision tower: normed queries and keys, gated MLPs, and in later layers experts, each layer with more.

Reference: transformers/models/dots3_note/modeling_dots3_note.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, rms_norm, stack
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Size, config, multiple, per_layer, same
from llm_gallery.families._layers import each, typed
from llm_gallery.families._vision import patches, tensor_block, tower

NOT_SIZED = ("capacity_factor", "hidden_act", "is_causal", "num_experts_per_tok", "rope_parameters", "router_scale", "router_scaling_factor")  # fmt: skip
CHOSEN = "num_experts_per_tok"
"""How many a patch runs, which changes no size."""
USUAL = (-1,) * 25 + (*range(4, 65, 4), 64)
"""Experts of each layer, -1 where it has none, where a config says nothing: the class's own."""


@config("dots3_note_vision_encoder", unused=NOT_SIZED)
class DotsVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    patch_size: Size
    moe_intermediate_size: Size
    spatial_merge_size: Size
    attention_bias: bool
    mlp_bias: bool
    mlp_layer_types: tuple[str, ...] | None
    num_local_experts: Size
    per_layer_config: dict[str, dict[str, Any]] | None = None
    pyramid_num_routed: tuple[int, ...] | None = None  # the releases' spelling
    adapter_in_dim: Size
    adapter_out_dim: Size
    adapter_merge_size: Size


def dots_vision(c: DotsVision, name: str) -> Block:
    """The tower, and the maps from neighbouring patches to the stream, which it holds."""
    width, side = c.hidden_size, c.adapter_merge_size
    same(c.adapter_in_dim, width, ("vision_config.adapter_in_dim", "vision_config.hidden_size"))
    names = ("vision_config.adapter_merge_size", "vision_config.spatial_merge_size")
    same(side, c.spatial_merge_size, names)
    joined = width * side**2
    return tower(
        name,
        (
            patches("patch_embed.proj", width, c.num_channels, (c.patch_size, c.patch_size)),
            rms_norm("patch_embed.norm", width),
            group("", stack("blocks", each(experts(c), lambda count: one_layer(c, count)))),
            rms_norm("post_trunk_norm", width),
            layer_norm("adapter.ln_q", width),
            linear("adapter.mlp.0", joined, joined, bias=True),
            linear("adapter.mlp.2", joined, c.adapter_out_dim, bias=True),
        ),
    )


def experts(c: DotsVision) -> Sequence[int]:
    """How many each layer has, 0 where it has an MLP. Raises Refusal where layers are said otherwise."""
    depth, said = c.num_hidden_layers, c.pyramid_num_routed
    if said is None and c.mlp_layer_types is None:
        said = USUAL[:depth]
    listed = per_layer(said, depth, "vision_config.pyramid_num_routed")
    if listed is None:
        kinds = typed(c.mlp_layer_types, depth, [], ("dense", "sparse"), "mlp_layer_types")
        listed = [int(c.num_local_experts) if kind == "sparse" else 0 for kind in kinds]
    if c.per_layer_config is None:
        return [max(count, 0) for count in listed]
    by_layer, usual = of_each_layer(c.per_layer_config), int(c.num_local_experts)
    return [by_layer.get(i, usual) if count > 0 else 0 for i, count in enumerate(listed)]


def of_each_layer(said: Mapping[str, Any]) -> Mapping[int, int]:
    """Experts by the number of the layer. Raises Refusal where anything else is said of one."""
    by_layer: dict[int, int] = {}
    for key, sizes in said.items():
        numbered = key.isdecimal() and len(key) < 5
        known = isinstance(sizes, Mapping) and {*sizes} <= {"num_local_experts", CHOSEN}
        count = sizes.get("num_local_experts") if known else None
        sized = isinstance(count, int) and not isinstance(count, bool) and 0 < count < 2**20
        if not numbered or count is None or not sized:
            raise Refusal(
                f"vision_config.per_layer_config[{quoted(key)}] is {quoted(sizes)}, expected a number of "
                "experts, num_local_experts; correct it"
            )
        by_layer[int(key)] = count
    return by_layer


def one_layer(c: DotsVision, count: int) -> Block:
    """Attention, and an MLP or so many experts with the bias by which they are chosen."""
    width, bias = c.hidden_size, c.attention_bias
    dim = multiple(
        width, c.num_attention_heads, ("vision_config.hidden_size", "num_attention_heads")
    )
    attention = (
        linear("qkv", width, 3 * width, role=("query", "key", "value"), bias=bias),
        rms_norm("q_norm", dim),
        rms_norm("k_norm", dim),
        linear("proj", width, width, role="output", bias=bias),
    )
    if count:
        routed = layer(*mlp(c, c.moe_intermediate_size))
        rows = tensor_block(
            "", Tensor("gate_weight", (count, int(width))), Tensor("router_bias", (count,))
        )
        channels = group("mlp", rows, group("", stack("experts", [routed] * count)))
    else:
        channels = group("mlp", *mlp(c, c.intermediate_size))
    return layer(
        rms_norm("norm_1", width),
        Block("attention", "attn", inside=attention),
        rms_norm("norm_2", width),
        channels,
    )


def mlp(c: DotsVision, inner: int) -> tuple[Block, ...]:
    """Gate, down and up."""
    bias = c.mlp_bias
    return (
        linear("fc1", c.hidden_size, inner, bias=bias),
        linear("fc2", inner, c.hidden_size, bias=bias),
        linear("fc3", c.hidden_size, inner, bias=bias),
    )
