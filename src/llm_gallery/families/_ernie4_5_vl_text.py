"""ERNIE 4.5 VL's language model: ERNIE 4.5, whose layers with experts have as many again for the tokens of pictures.

A text runs none of those; the shared experts are run by all tokens.

Reference: transformers/models/ernie4_5_vl_moe/modular_ernie4_5_vl_moe.py
Report: https://ernie.baidu.com/blog/publication/ERNIE_Technical_Report.pdf
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Shared,
    experts,
    gated_mlp,
    group,
    mixture_of_experts,
    passed_by,
    router,
    with_settings,
)
from llm_gallery.families._config import Count, Pieces, Size, at_most, config, exactly, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm

SENSES = 2
"""Sets of experts: of text, then of pictures."""


@config("ernie4_5_vl_moe_text", unused=("moe_norm_min",), computes={"pairs": True})
class Ernie45VlText(Llama):
    use_bias: bool
    moe_intermediate_size: tuple[Size, ...] | None
    moe_k: Size
    moe_num_experts: Pieces
    moe_num_shared_experts: Count
    mlp_layer_types: tuple[str, ...] | None


def ernie4_5_vl_text(c: Ernie45VlText) -> Block:
    count = c.num_hidden_layers
    usual = ["dense", *["sparse"] * (count - 1)]
    which = typed(c.mlp_layer_types, count, usual, ("dense", "sparse"), "mlp_layer_types")
    return decoder(c, each(which, lambda kind: sparse(c) if kind == "sparse" else dense(c)))


def dense(c: Ernie45VlText) -> Block:
    return pre_norm(c, attention(c), mlp(c, "mlp", c.intermediate_size, c.use_bias))


def sparse(c: Ernie45VlText) -> Block:
    """The experts of text, and those that none of its tokens runs."""
    words, pictures = exactly(inner(c), SENSES, "moe_intermediate_size")
    decoder_layer = pre_norm(c, attention(c), moe(c, words))
    first = c.moe_num_experts
    idle = [group(f"experts.{first + i}", *mlp(c, "", pictures).inside) for i in range(first)]
    gate = group("mlp", scores(c, "weight_1"), *idle)
    return replace(decoder_layer, inside=(*decoder_layer.inside, passed_by(gate)))


def attention(c: Ernie45VlText) -> Block:
    return grouped_query(c, bias=stated(c, "use_bias"))


def inner(c: Ernie45VlText) -> tuple[int, ...]:
    """Inner widths of an expert of text and of one of pictures."""
    return (1536, 512) if c.moe_intermediate_size is None else c.moe_intermediate_size


def mlp(c: Ernie45VlText, name: str, wide: int, bias: bool = False) -> Block:
    return gated_mlp(name, width=c.hidden_size, inner=wide, activation=c.hidden_act, bias=bias)


def scores(c: Ernie45VlText, name: str, *beside: Tensor) -> Block:
    """A router, whose matrix is stored by its inputs."""
    width, count = int(c.hidden_size), int(c.moe_num_experts)
    scores = router("", width=c.hidden_size, experts=c.moe_num_experts)
    weight = Tensor(f"gate.{name}", (width, count), role="weight")
    return with_settings(replace(scores, tensors=(weight, *beside)), transposed=True)


def moe(c: Ernie45VlText, wide: int) -> Block:
    at_most(c.moe_k, c.moe_num_experts, ("moe_k", "moe_num_experts"))
    stored = (SENSES, int(c.moe_num_experts))
    balance = Tensor("moe_statics.e_score_correction_bias", stored, role="correction")
    all_shared = derived(
        c.moe_num_shared_experts * wide, "moe_num_shared_experts x moe_intermediate_size"
    )
    shared = Shared(mlp(c, "shared_experts", all_shared, c.use_bias), c.moe_num_shared_experts)
    return mixture_of_experts(
        "mlp",
        router=scores(c, "weight", balance),
        experts=experts(mlp(c, "experts", wide), stored=c.moe_num_experts, used=c.moe_k),
        shared=shared if c.moe_num_shared_experts else None,
        scoring="softmax",
        normalized=True,
    )
