"""Aria: a tower, and learned queries that read all patches of a picture, as many as it has patches for.

Reference: transformers/models/aria/modeling_aria.py
Paper: https://arxiv.org/abs/2410.05993
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._parts import AnyVision, any_vision

USUAL = 256
"""The most queries, where a config says nothing of them."""
UNUSED = ("max_value_projector_patch_to_query_dict", "vision_feature_layer")


@config("aria", unused=UNUSED)
class Aria:
    vision_config: AnyVision
    projector_patch_to_query_dict: Mapping[str, Any] | None


def aria(c: Aria, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    width, queries = int(c.vision_config.hidden_size), most_queries(c.projector_patch_to_query_dict)
    inside = (
        tensor_block("", Tensor("query", (queries, width))),
        cross_attention(width),
        layer_norm("layer_norm", width),
        group(
            "feed_forward", linear("linear_in", width, stream), linear("linear_out", stream, stream)
        ),
    )
    return (
        any_vision(c.vision_config, "vision_tower"),
        Block("projector", "multi_modal_projector", inside=inside),
    )


def cross_attention(width: int) -> Block:
    """Each of q, k and v runs through two matrices, the second of which stand in one."""
    stored = (
        Tensor("multihead_attn.in_proj_weight", (3 * width, width)),
        Tensor("multihead_attn.in_proj_bias", (3 * width,)),
    )
    return group(
        "cross_attn",
        tensor_block("", *stored),
        layer_norm("layer_norm", width),
        layer_norm("layer_norm_kv", width),
        linear("q_proj", width, width, role="query"),
        linear("k_proj", width, width, role="key"),
        linear("v_proj", width, width, role="value"),
        linear("multihead_attn.out_proj", width, width, bias=True),
        linear("linear", width, width, role="output", bias=True),
    )


def most_queries(queries: Mapping[str, Any] | None) -> int:
    """The most queries of any picture. Raises Refusal where the config's are no numbers."""
    if queries is None:
        return USUAL
    counts = [*queries.values()]
    if not counts or any(type(count) is not int or not 0 < count < 2**24 for count in counts):
        raise Refusal(
            f"projector_patch_to_query_dict is {quoted(queries)}, expected a number of queries for each "
            "number of patches; correct it in the config"
        )
    return int(max(counts))
