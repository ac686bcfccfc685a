"""Attention's slots: each appears when its fact is set, in the order of the reference, and not otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Heads,
    KeyValues,
    Positions,
    Scaling,
    attention,
    linear,
    rms_norm,
    sink_keys,
)
from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Text, flat
from tests.figure.internals.seen import seen

ROPE = Positions(kind="rope", rotated=128, base=10_000.0)


def block(
    heads: int = 32, kv_heads: int = 8, *, bias: bool = False, fused: bool = False, **facts: Any
) -> Block:
    """Attention of width 4,096 and head size 128."""
    queries, keys = heads * 128, kv_heads * 128
    asked = ("query", "gate") if "gate" in facts else ("query",)
    inside = [
        linear("q_proj", 4096, queries * len(asked), role=asked, bias=bias),
        linear("k_proj", 4096, keys, role="key", bias=bias),
        linear("v_proj", 4096, keys, role="value", bias=bias),
    ]
    if fused:
        stored = ("query", "key", "value")
        inside = [linear("qkv_proj", 4096, queries + 2 * keys, role=stored, bias=bias)]
    inside.append(linear("o_proj", queries, 4096, role="output"))
    if facts.get("qk_norm") == "per head":
        inside.append(rms_norm("q_norm", 128, role="query_norm"))
        inside.append(rms_norm("k_norm", 128, role="key_norm"))
    facts.setdefault("positions", ROPE)
    return attention("self_attn", heads=Heads(heads, kv_heads, 128), inside=inside, **facts)


def test_plain() -> None:
    drawn = seen((block(), 32), where="in all 32 layers")
    assert drawn.inset.title == "Attention"
    assert drawn.inset.note == "grouped queries, in all 32 layers"
    assert drawn.inset.mechanism == "full"
    for words in ("q 4,096 → 4,096", "k 4,096 → 1,024", "v 4,096 → 1,024", "out 4,096 → 4,096"):
        assert drawn.count(words) == 1
    assert drawn.count("softmax( q kT / √128 ) v") == 1
    assert drawn.count("RoPE") == 2
    for absent in ("RMSNorm", "L2 norm", "temperature", "sigmoid", "sinks 32"):
        assert drawn.count(absent) == 0
    assert drawn.operations() == []
    assert drawn.drums() == 2


def test_wiring_of_queries_and_keys() -> None:
    drawn = seen((block(), 1))
    for nth, name in enumerate(("q 4,096 → 4,096", "k 4,096 → 1,024")):
        assert drawn.feeds(drawn.box(name), drawn.box("RoPE", nth))
    assert drawn.feeds(drawn.box("softmax( q kT / √128 ) v"), drawn.box("out 4,096 → 4,096"))
    into_softmax = [
        line
        for line in drawn.lines
        if line.points[-1].y == drawn.box("softmax( q kT / √128 ) v").bounds.bottom
    ]
    assert len(into_softmax) == 3


@pytest.mark.parametrize(
    ("heads", "kv_heads"),
    [
        (32, 8),
        (25, 25),
        (32, 32),
        (71, 1),
        (96, 8),
        (13, 13),
        (7, 1),
        (512, 64),
        (512, 512),
        (1, 1),
    ],
)
def test_a_square_a_head(heads: int, kv_heads: int) -> None:
    drawn = seen((block(heads, kv_heads), 1))
    assert drawn.squares("full.solid") == [heads, kv_heads, kv_heads]


def test_too_many_heads_to_draw() -> None:
    drawn = seen((block(2**20, 2**10), 1))
    assert drawn.squares("full.solid") == [2**10, 2**10]
    assert "1,048,576 heads" in drawn.words


@pytest.mark.parametrize(
    ("heads", "kv_heads", "words"),
    [(8, 8, "multi-head"), (8, 2, "grouped queries"), (8, 1, "one head of keys and values")],
)
def test_sharing_in_words(heads: int, kv_heads: int, words: str) -> None:
    assert seen((block(heads, kv_heads), 1)).inset.note == words


@pytest.mark.parametrize("style", ["per head", "all heads"])
def test_norms_with_weights_come_before_the_rotation(style: str) -> None:
    drawn = seen((block(qk_norm=style), 1))
    assert drawn.count("RMSNorm") == 2
    assert drawn.count(style) == 1
    assert drawn.feeds(drawn.box("RMSNorm"), drawn.box("RoPE"))
    assert drawn.feeds(drawn.box("k 4,096 → 1,024"), drawn.box("RMSNorm", 1))


def test_norms_without_weights_come_after_the_rotation() -> None:
    drawn = seen((block(qk_norm="l2"), 1))
    assert drawn.count("RMSNorm") == 0
    assert drawn.feeds(drawn.box("RoPE"), drawn.box("L2 norm"))
    assert drawn.feeds(drawn.box("RoPE", 1), drawn.box("L2 norm", 1))


def test_part_of_a_head_rotated() -> None:
    drawn = seen((block(positions=Positions(kind="rope", rotated=64)), 1))
    assert drawn.count("RoPE 50%") == 2


@pytest.mark.parametrize(
    ("positions", "words"),
    [(NO_POSITION, "no positions"), (Positions(kind="learned"), "positions from the embedding")],
)
def test_positions_that_are_not_rotations(positions: Positions, words: str) -> None:
    drawn = seen((block(positions=positions), 1))
    assert drawn.count("RoPE") == 0
    assert words in drawn.inset.note


def test_positions_in_some_layers_only() -> None:
    drawn = seen((block(), 27), (block(positions=NO_POSITION), 9))
    assert drawn.box("RoPE").dashed
    assert "27 of 36" in drawn.words
    assert "no positions" not in drawn.inset.note


def test_temperature_on_queries_only() -> None:
    drawn = seen((block(positions=NO_POSITION, scaling=Scaling(temperature_tuning=True)), 1))
    assert drawn.count("temperature") == 1
    assert drawn.feeds(drawn.box("q 4,096 → 4,096"), drawn.box("temperature"))


def test_gate_multiplies_the_output() -> None:
    drawn = seen((block(gate="sigmoid"), 1))
    (times,) = drawn.operations()
    assert drawn.inset.title == "Gated attention"
    assert drawn.feeds(drawn.box("gate → 4,096"), drawn.box("sigmoid"))
    assert drawn.feeds(drawn.box("sigmoid"), times)
    assert drawn.feeds(drawn.box("softmax( q kT / √128 ) v"), times)
    assert drawn.feeds(times, drawn.box("out 4,096 → 4,096"))


def test_gate_is_stored_with_the_queries() -> None:
    about = seen((block(gate="sigmoid"), 1)).box("gate → 4,096").about
    assert about is not None
    assert about.path == "model.layers.0.part.q_proj"


def test_sinks_join_the_softmax_without_reading_the_input() -> None:
    drawn = seen((block(sinks=True), 1))
    sinks = drawn.box("sinks 32")
    assert drawn.feeds(sinks, drawn.box("softmax( q kT / √128 ) v"))
    assert not any(line.points[-1].y == sinks.bounds.bottom for line in drawn.lines)


def test_stored_as_one_matrix() -> None:
    drawn = seen((block(fused=True), 1))
    assert drawn.count("q, k, v 4,096 → 4,096 + 2 × 1,024") == 1
    assert not any(words.startswith(("q 4", "k 4", "v 4")) for words in drawn.words)
    assert seen((block(8, 8, fused=True), 1)).count("q, k, v 4,096 → 3 × 1,024") == 1


@pytest.mark.parametrize(
    ("scale", "words"), [(256, "16"), (64, "8"), (168, "√168"), (None, "√128")]
)
def test_scale(scale: int | None, words: str) -> None:
    assert (
        seen((block(scaling=Scaling(scale_dim=scale)), 1)).count(f"softmax( q kT / {words} ) v")
        == 1
    )


def test_softcap() -> None:
    assert (
        "scores bent to stay within ± 50" in seen((block(scaling=Scaling(softcap=50.0)), 1)).words
    )
    assert not any("bent" in words for words in seen((block(), 1)).words)


def test_biases() -> None:
    assert "with bias: q, k, v" in seen((block(bias=True), 1)).words
    assert not any("bias" in words for words in seen((block(), 1)).words)


def test_one_window_for_all() -> None:
    drawn = seen((block(window=4096), 32))
    assert drawn.inset.mechanism == "window"
    assert "Window" in drawn.words
    assert "last 4,096" in drawn.words
    assert drawn.squares("window.solid")[-1] == 1 + 2 + 10 * 3


def test_windows_in_some_layers() -> None:
    drawn = seen((block(window=1024), 52), (block(), 10))
    assert drawn.inset.mechanism == "full"
    assert [w for w in drawn.words if w in ("Window", "Global")] == [
        "Window",
        "Global",
    ]
    assert "52 layers" in drawn.words
    assert "10 layers" in drawn.words
    assert drawn.squares("full.solid")[-1] == 12 * 13 / 2


def test_chunks() -> None:
    drawn = seen((block(chunk=8192), 36), (block(positions=NO_POSITION), 12))
    assert "within 8,192" in drawn.words
    assert drawn.squares("window.solid") == [3 * 10]


def test_no_masks_where_all_layers_see_everything() -> None:
    assert not any(word in ("Window", "Global") for word in seen((block(), 1)).words)


def test_what_sharing_saves_where_there_is_room() -> None:
    drawn = seen((block(96, 8), 46), width=856)
    assert "4,096 B" in drawn.words
    assert "49,152 B" in drawn.words
    assert "12 × less" in drawn.words
    assert "Kept for a token, in a layer" not in seen((block(96, 8), 46)).words


def test_parts_answer_for_what_is_stored() -> None:
    drawn = seen((block(qk_norm="per head"), 1))
    paths = {box.about.path for box in drawn.boxes if box.about is not None}
    stored = ("q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm")
    assert {f"model.layers.0.part.{name}" for name in stored} <= paths


def test_full_detail_counts_parameters() -> None:
    drawn = seen((block(), 1), full=True)
    assert drawn.box("q 4,096 → 4,096") is drawn.box("16.78M")
    assert drawn.box("v 4,096 → 1,024") is drawn.box("4.19M", 1)


def heads_of(size: int, *kept: str, **more: Any) -> Block:
    """Eight query heads of a size over one head of keys and values, on a stream of 1,536."""
    counts = {"query": 8 * size, "key": size, "value": size}
    inside = [linear(role, 1536, counts[role], role=role) for role in kept]
    inside.append(linear("o_proj", 8 * size, 1536, role="output"))
    turned = Positions(kind="rope", rotated=size, base=10_000.0)
    return attention("self_attn", heads=Heads(8, 1, size), inside=inside, positions=turned, **more)


def test_layers_of_two_head_sizes_are_both_named() -> None:
    drawn = seen(*((heads_of(size, "query", "key", "value"), 4) for size in (256, 512)))
    assert drawn.count("out 2,048 / 4,096 → 1,536") == 1
    assert drawn.count("q → 2,048 / 4,096") + drawn.count("q ≤ 4,096") == 1


def test_layers_that_borrow_keys_name_both_head_sizes_too() -> None:
    drawn = seen(*((heads_of(size, "query", kv=KeyValues(shared=True)), 4) for size in (256, 512)))
    assert drawn.inset.title == "Shared keys and values"
    assert drawn.count("q → 2,048 / 4,096") == 1
    assert drawn.count("out 2,048 / 4,096 → 1,536") == 1


def test_a_scalar_of_some_layers_says_in_how_many() -> None:
    tuned = block(positions=NO_POSITION, scaling=Scaling(temperature_tuning=True))
    drawn = seen((block(), 36), (tuned, 12), width=480)
    assert drawn.count("temperature") == 1
    assert drawn.count("12 of 48") + drawn.count("12 of 48 layers") == 1


@pytest.mark.parametrize("full", [False, True])
def test_the_router_of_experts_that_attend_weighs_what_they_give(full: bool) -> None:
    root = find("jetmoe-8b").architecture.root
    experts = next(part for _, part in walk(root) if "head_experts" in part.facts)
    drawn = seen((experts, 24), width=600, full=full)
    (total,) = drawn.operations()
    router, out = drawn.box("router 2,048 → 8"), drawn.box("out 4,096 → 2,048")
    share = drawn.box("softmax of top 2")
    assert drawn.feeds(router, share)
    assert drawn.feeds(share, total)
    assert drawn.feeds(out, total)
    assert drawn.count("2 weights") == 1
    assert drawn.count("q, out: 2 of 8 experts") == 1
    assert router.about is not None
    assert router.about.path.endswith("experts.router.layer")
    assert seen((block(), 1)).operations() == []


@pytest.mark.parametrize("full", [False, True])
def test_the_router_of_values_weighs_what_their_matrices_give(full: bool) -> None:
    root = find("k2-horizon-mova-36b-a4b").architecture.root
    mixed = next(part for _, part in walk(root) if "value_experts" in part.facts)
    drawn = seen((mixed, 45), width=760, full=full)
    total, _ = drawn.operations()
    router, share = drawn.box("router → 64"), drawn.box("sigmoid of top 4")
    bent, scale = drawn.box("SiLU"), drawn.box("× 2.5")
    assert drawn.feeds(router, share)
    assert drawn.feeds(share, scale)
    assert drawn.feeds(scale, total)
    assert drawn.feeds(drawn.box("v → 1,024"), bent)
    assert drawn.feeds(bent, total)
    assert drawn.count("v: 4 of 64 experts") == 1
    assert router.about is not None
    assert router.about.path.endswith("v_router")


def test_sinks_may_have_keys() -> None:
    sinks = seen((sink_keys(block()), 1)).box("sinks 8 × 128")
    assert sinks.about is not None
    assert "learned key" in sinks.about.title


def test_where_words_are_left_out_none_is_said_of_all_layers() -> None:
    """Beam's column has no room for "last 512 or all before": neither part of it stands alone there."""
    model = find("beam-1.0")
    drawn = draw(model.architecture, model.heading, detail="column")
    texts = (shape for shape in flat(drawn.picture) if isinstance(shape, Text))
    notes = {"".join(span.text for span in text.spans) for text in texts}
    assert not {note for note in notes if note.startswith(("all before", "last 512,"))}
    assert "in all 52 layers" in notes
