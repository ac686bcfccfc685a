"""Mixtures of experts: a square an expert, the router's steps, and what the weights multiply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Shared,
    experts,
    facts,
    gated_mlp,
    linear,
    mixture_of_experts,
    router,
    stacked_experts,
)
from tests.figure.internals.seen import Seen, seen


def block(
    stored: int = 128,
    used: int = 8,
    *,
    shared: int = 0,
    shared_inner: int | None = None,
    gate: bool = False,
    bias: bool = False,
    correction: str | None = None,
    scoring: str = "sigmoid",
    **more: Any,
) -> Block:
    """Experts of inner width 512 on a stream of 2,048."""
    expert = gated_mlp("experts", width=2048, inner=512, activation="silu")
    inner = shared_inner or 512 * shared
    always = gated_mlp("shared_experts", width=2048, inner=inner, activation="silu")
    one = replace(linear("shared_expert_gate", 2048, 1), kind="shared_gate")
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=2048, experts=stored, bias=bias, correction=correction),
        experts=experts(expert, stored=stored, used=used),
        scoring=scoring,
        shared=Shared(always, shared, gate=one if gate else None) if shared else None,
        **more,
    )


def lit(drawn: Seen) -> int:
    """Experts shown as running; shared ones are drawn as a row of squares."""
    return drawn.lit("moe.line")


@pytest.mark.parametrize(
    ("stored", "used"),
    [(128, 8), (32, 4), (384, 8), (512, 22), (7, 7), (127, 2), (1024, 64), (1, 1)],
)
@pytest.mark.parametrize("width", [418.0, 856.0])
def test_a_square_an_expert(stored: int, used: int, width: float) -> None:
    drawn = seen((block(stored, used), 1), width=width)
    assert drawn.squares("moe.edge") == [stored]
    assert lit(drawn) == used
    assert f"{used:,} of {stored:,} run" in drawn.words


def test_too_many_experts_to_draw() -> None:
    drawn = seen((block(2**24, 8), 1))
    assert drawn.squares("moe.edge") == []
    assert "16,777,216" in drawn.words


@pytest.mark.parametrize(("groups", "groups_used"), [(8, 4), (4, 1), (2, 2)])
def test_groups_out_of_the_choice_are_grey(groups: int, groups_used: int) -> None:
    drawn = seen((block(256, 8, groups=(groups, groups_used)), 1))
    each = 256 // groups
    assert drawn.squares("moe.edge") == [each * groups_used]
    grey = drawn.squares("hairline")
    assert grey == ([each * (groups - groups_used)] if groups > groups_used else [])
    assert lit(drawn) == 8
    assert any(words.startswith(f"{groups_used} of {groups} groups") for words in drawn.words)


def test_the_choice_is_always_the_same() -> None:
    first, second = (seen((block(512, 10), 1)) for _ in range(2))
    assert first.marks == second.marks


def test_router() -> None:
    drawn = seen((block(scoring="softmax", normalized=True), 1))
    assert drawn.feeds(drawn.box("router 2,048 → 128"), drawn.box("softmax"))
    assert drawn.count("top 8, sum to 1") == 1
    assert seen((block(), 1)).count("top 8") == 1


def test_weights_multiply_the_output() -> None:
    drawn = seen((block(scale=2.5), 1))
    (added,) = drawn.operations()
    assert drawn.count("8 weights") == 1
    assert drawn.feeds(drawn.box("sigmoid"), drawn.box("× 2.5"))
    assert drawn.feeds(drawn.box("× 2.5"), added)
    assert seen((block(scale=1.0), 1)).count("8 weights") == 1


def test_weights_multiply_the_input() -> None:
    drawn = seen((block(used=1, weights_input=True, shared=1), 1))
    times, added = drawn.operations()
    assert drawn.count("1 weight") == 1
    assert drawn.feeds(drawn.box("sigmoid"), times)
    assert not drawn.feeds(drawn.box("sigmoid"), added)


def test_balancing_bias() -> None:
    words = "chosen by score + bias"
    assert words in seen((block(correction="e_score_correction_bias"), 1)).words
    assert words not in seen((block(), 1)).words


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_shared_experts(count: int) -> None:
    drawn = seen((block(shared=count), 1))
    assert drawn.squares("moe.solid") == [count]
    assert f"{count} shared" in drawn.words
    assert not any("inner" in words for words in drawn.words)


def test_no_shared_expert() -> None:
    drawn = seen((block(), 1))
    assert not any("shared" in words for words in drawn.words)


def test_shared_expert_of_another_width() -> None:
    assert "3,712 inner" in seen((block(shared=1, shared_inner=3712), 1)).words


def test_gate_on_the_shared_expert() -> None:
    assert "× σ(gate)" in seen((block(shared=1, gate=True), 1)).words
    assert "× σ(gate)" not in seen((block(shared=1), 1)).words


def test_latent_experts() -> None:
    narrow = block(shared=1)
    pair = (
        linear("fc1", 2048, 1024, role="latent_down"),
        linear("fc2", 1024, 2048, role="latent_up"),
    )
    latent = replace(
        narrow,
        facts={**narrow.facts, **facts(latent=1024)},
        inside=(*narrow.inside, *pair),
    )
    drawn = seen((latent, 40))
    down, up = drawn.box("2,048 → 1,024"), drawn.box("1,024 → 2,048")
    weighted, added = drawn.operations()
    assert (down.form, up.form) == ("narrowing", "widening")
    assert [b.about and b.about.path[-3:] for b in (down, up)] == ["fc1", "fc2"]
    assert drawn.feeds(weighted, up)
    assert drawn.feeds(up, added)


def test_biases() -> None:
    assert "with bias: router" in seen((block(bias=True), 1)).words
    assert not any(words.startswith("with bias") for words in seen((block(), 1)).words)


def test_one_expert_where_there_is_room() -> None:
    drawn = seen((block(), 48), width=856, where="in all 48 layers")
    assert drawn.inset.note == "sigmoid router, in all 48 layers"
    assert "SwiGLU, 3.15M" in drawn.words
    about = drawn.box("down 512 → 2,048").about
    assert about is not None
    assert about.path == "model.layers.0.part.experts.down_proj"
    narrow = seen((block(), 48), where="in all 48 layers")
    assert narrow.inset.note == "3.15M each, in all 48 layers"
    assert "One expert 2,048 → 512, SwiGLU" in narrow.words


def test_stacked_experts_with_clamps() -> None:
    expert = stacked_experts(
        "experts",
        stored=32,
        used=4,
        width=2880,
        inner=2880,
        activation="silu",
        bias=True,
        limit=7.0,
    )
    mixture = mixture_of_experts(
        "mlp",
        router=router("router", width=2880, experts=32, bias=True),
        experts=expert,
        scoring="softmax",
        normalized=True,
    )
    drawn = seen((mixture, 24), width=856)
    assert {"at most 7", "within ± 7", "each with bias", "with bias: router, experts"} <= set(
        drawn.words
    )
    assert "SwiGLU, 24.89M" in drawn.words
