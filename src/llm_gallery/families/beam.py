"""Beam: gated attention with rotation in its windowed layers alone, norms on both sides of a branch, sums that weigh by depth, and experts in groups after a dense prefix.

A kind of layer that `rope_parameters` doesn't name is refused, as the reference fails. Temperature of layers
without positions is computed by the class: (1 + p / 2,048)^0.1.

Reference: transformers/models/beam/modular_beam.py
Model: https://huggingface.co/reflection/Beam-1.0-501B-A23B
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.kinds import DEPTH_SHARES
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Head,
    Positions,
    Scaling,
    connection,
    experts,
    facts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    router,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Length, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import each, every_nth, sliding, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    norm,
    swiglu,
)

DENSE = 3
"""Layers without experts before the others, where a config lists none."""
GROWN, LENGTH = 0.1, 2048
"""Queries of layers without positions grow by that power of 1 + position / length."""


@config("beam")
class Beam(Llama):
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    sliding_window: Length | None
    num_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    n_group: Size
    topk_group: Size
    norm_topk_prob: bool
    routed_scaling_factor: float
    final_logit_softcapping: float | None


def beam(c: Beam) -> Block:
    count = c.num_hidden_layers
    usual = [*every_nth(6, count - 1), "full_attention"]
    local = sliding(c.layer_types, count, usual)
    dense = min(DENSE, count)
    sorts = typed(
        c.mlp_layer_types,
        count,
        ["dense"] * dense + ["sparse"] * (count - dense),
        ("dense", "sparse"),
        "mlp_layer_types",
    )
    layers = each([*zip(local, sorts, strict=True)], lambda key: decoder_layer(c, *key))
    return decoder(
        c,
        stack("layers", layers, residual=DEPTH_SHARES),
        head=Head(softcap=c.final_logit_softcapping),
    )


def decoder_layer(c: Beam, local: bool, sort: str) -> Block:
    """Norms before and after each branch; the embedding is the first summand of the stream, each branch the next."""
    return layer(
        residual(
            norm(c, "input_layernorm"),
            attention(c, local),
            norm(c, "post_attention_layernorm"),
            share(2),
        ),
        residual(
            norm(c, "pre_feedforward_layernorm"),
            moe(c) if sort == "sparse" else swiglu(c),
            norm(c, "post_feedforward_layernorm"),
            share(3),
        ),
    )


def share(first: int) -> Block:
    """sqrt((n - 1) / n) x + sqrt(1 / n) y at the n-th summand, which is the `first` in the first layer."""
    return with_settings(connection(""), summand=first)


def attention(c: Beam, local: bool) -> Block:
    """A gate for each channel with a bias a head; where nothing is rotated, queries grow with their position."""
    dim = head_dim(c)
    places = positions(c, dim, "sliding_attention" if local else "full_attention")
    free = places.kind == "none"
    mixer = grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=places,
        gate=Gate(linear("gate_proj", c.hidden_size, c.num_attention_heads * dim, role="gate")),
        scaling=Scaling(temperature_tuning=True if free else None),
    )
    added_tensors = (Tensor("gate_bias", (int(c.num_attention_heads),), role="gate_bias"),)
    mixer = replace(mixer, facts={**mixer.facts, **facts(gate_bias=True)}, tensors=added_tensors)
    return (
        with_settings(mixer, temperature_power=GROWN, temperature_length=LENGTH) if free else mixer
    )


def positions(c: Beam, dim: int, kind: str) -> Positions:
    """The rotation of a kind of layer; none where `rope_parameters` gives it null, as full layers where it is absent."""
    rope_parameters = c.rope_parameters
    if not rope_parameters:
        return rope(c, dim) if kind == "sliding_attention" else NO_POSITION
    if kind not in rope_parameters or not isinstance(rope_parameters[kind], Mapping | None):
        raise Refusal(
            f"rope_parameters has no {kind}, expected an object or null for each kind of layer; add it"
        )
    return NO_POSITION if rope_parameters[kind] is None else rope(c, dim, layer_type=kind)


def moe(c: Beam) -> Block:
    """DeepSeek V3's choice within the best groups, and no shared expert."""
    each_group = multiple(c.num_experts, c.n_group, ("num_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(
        c.num_experts_per_tok,
        c.topk_group * each_group,
        ("num_experts_per_tok", "topk_group x num_experts / n_group"),
    )
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=c.num_experts,
            correction="e_score_correction_bias",
        ),
        experts=experts(
            swiglu(c, "experts", c.moe_intermediate_size),
            stored=c.num_experts,
            used=c.num_experts_per_tok,
        ),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
