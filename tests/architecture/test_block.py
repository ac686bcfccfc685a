"""The tree by hand: names, shapes and order of tensors, experts one by one and stacked, layers and mixers."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import (
    Block,
    Tensor,
    channel_mixer,
    join,
    layers,
    mixer,
    tensors,
    walk,
)
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Heads,
    attention,
    embedding,
    experts,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
)


def small_attention() -> Block:
    projections = (linear("q_proj", 8, 8), linear("k_proj", 8, 4, bias=True))
    return attention("self_attn", heads=Heads(2, 1, 4), positions=NO_POSITION, inside=projections)


def model(*stacked: Block, tied: bool = False) -> Block:
    body = group("model", embedding("embed", 10, 8), stack("layers", stacked), rms_norm("norm", 8))
    top = head("lm_head", 10, 8, tied_to="model.embed.weight" if tied else None)
    return Block("language_model", inside=(body, top))


def test_tensors_carry_their_full_names_in_order_of_computation() -> None:
    one = layer(residual(rms_norm("input_norm", 8), small_attention()))
    assert [(t.name, t.shape) for t in tensors(model(one, one))] == [
        ("model.embed.weight", (10, 8)),
        ("model.layers.0.input_norm.weight", (8,)),
        ("model.layers.0.self_attn.q_proj.weight", (8, 8)),
        ("model.layers.0.self_attn.k_proj.weight", (4, 8)),
        ("model.layers.0.self_attn.k_proj.bias", (4,)),
        ("model.layers.1.input_norm.weight", (8,)),
        ("model.layers.1.self_attn.q_proj.weight", (8, 8)),
        ("model.layers.1.self_attn.k_proj.weight", (4, 8)),
        ("model.layers.1.self_attn.k_proj.bias", (4,)),
        ("model.norm.weight", (8,)),
        ("lm_head.weight", (10, 8)),
    ]


def test_experts_are_numbered_where_they_are_stored_one_by_one() -> None:
    expert = gated_mlp("experts", width=8, inner=2, activation="silu")
    kept = list(tensors(group("mlp", experts(expert, stored=3, used=1))))
    assert [t.name for t in kept[:3]] == [
        "mlp.experts.0.gate_proj.weight",
        "mlp.experts.0.up_proj.weight",
        "mlp.experts.0.down_proj.weight",
    ]
    assert kept[-1] == Tensor("mlp.experts.2.down_proj.weight", (8, 2), role="weight")
    assert len(kept) == 9


def test_stacked_experts_share_tensors_with_a_leading_axis() -> None:
    block = stacked_experts(
        "experts", stored=3, used=1, width=8, inner=2, activation="silu", bias=True
    )
    assert [(t.name, t.shape) for t in tensors(block)] == [
        ("experts.gate_up_proj", (3, 8, 4)),
        ("experts.gate_up_proj_bias", (3, 4)),
        ("experts.down_proj", (3, 2, 8)),
        ("experts.down_proj_bias", (3, 8)),
    ]


def test_a_single_expert_is_still_numbered() -> None:
    expert = gated_mlp("experts", width=8, inner=2, activation="silu")
    mixture = mixture_of_experts(
        "mlp",
        router=router("gate", width=8, experts=1),
        experts=experts(expert, stored=1, used=1),
        scoring="softmax",
    )
    assert "mlp.experts.0.up_proj.weight" in {t.name for t in tensors(mixture)}


def test_a_tied_head_names_the_table_it_shares() -> None:
    top = list(tensors(model(tied=True)))[-1]
    assert (top.name, top.tied_to, top.elements) == ("lm_head.weight", "model.embed.weight", 80)


def test_walk_gives_paths_and_each_expert_once() -> None:
    expert = gated_mlp("experts", width=8, inner=2, activation="silu")
    one = layer(residual(group("mlp", experts(expert, stored=3, used=1))))
    paths = [path for path, block in walk(model(one)) if block.kind in ("mlp", "linear")]
    assert paths == [
        "model.layers.0.mlp.experts",
        "model.layers.0.mlp.experts.gate_proj",
        "model.layers.0.mlp.experts.up_proj",
        "model.layers.0.mlp.experts.down_proj",
    ]


def test_layers_and_mixers() -> None:
    mixes = layer(residual(rms_norm("norm", 8), small_attention()))
    thinks = layer(residual(gated_mlp("mlp", width=8, inner=2, activation="silu")))
    root = model(mixes, thinks)
    assert layers(root) == (mixes, thinks)
    assert [getattr(mixer(one), "kind", None) for one in layers(root)] == ["attention", None]
    assert [getattr(channel_mixer(one), "kind", None) for one in layers(root)] == [None, "mlp"]
    assert layers(group("model")) == ()


def test_facts_by_name() -> None:
    block = small_attention()
    assert (block.number("heads"), block.value("window", 7)) == (2, 7)
    assert block.facts["heads"] == Fact(2)
    assert block.child("linear") == linear("q_proj", 8, 8)
    assert block.child("moe") is None
    with pytest.raises(Mistake, match="a fact of attention is 'window', expected one of "):
        block.number("window")
    with pytest.raises(TypeError, match="position"):
        block.number("position")


def test_join_leaves_wiring_out() -> None:
    assert (join("a", "b"), join("a", ""), join("", "b")) == ("a.b", "a", "b")
