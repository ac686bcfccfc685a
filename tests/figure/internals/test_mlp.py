"""MLPs: gated and plain, stored apart or as one, with bias and clamps."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import walk
from llm_gallery.architecture.parts import gated_mlp, limited_after, plain_mlp
from llm_gallery.catalog.load import find
from llm_gallery.mechanisms import particulars
from tests.figure.internals.seen import seen


def test_gated() -> None:
    drawn = seen((gated_mlp("mlp", width=4096, inner=14336, activation="silu"), 32))
    assert (drawn.inset.title, drawn.inset.note) == ("Gated MLP", "SwiGLU, 176.16M")
    (times,) = drawn.operations()
    gate, up, act = (drawn.box(w) for w in ("gate 4,096 → 14,336", "up 4,096 → 14,336", "SiLU"))
    assert drawn.feeds(gate, act)
    assert drawn.feeds(act, times)
    assert drawn.feeds(up, times)
    assert drawn.feeds(times, drawn.box("down 14,336 → 4,096"))


def test_plain() -> None:
    drawn = seen((plain_mlp("mlp", width=2688, inner=1856, activation="relu2"), 23))
    assert (drawn.inset.title, drawn.inset.note) == ("MLP", "ReLU², 9.98M")
    assert drawn.operations() == []
    assert drawn.feeds(drawn.box("up 2,688 → 1,856"), drawn.box("ReLU²"))
    assert drawn.feeds(drawn.box("ReLU²"), drawn.box("down 1,856 → 2,688"))


def test_layers_of_two_widths_are_both_named() -> None:
    narrow, wide = (
        gated_mlp("mlp", width=1536, inner=inner, activation="silu") for inner in (6144, 12288)
    )
    drawn = seen((narrow, 15), (wide, 20))
    assert drawn.inset.note == "SwiGLU, 28.31M / 56.62M"
    assert drawn.box("gate → 6,144 / 12,288")
    assert drawn.box("down 6,144 / 12,288 → 1,536")


def test_gate_and_up_as_one() -> None:
    drawn = seen((gated_mlp("mlp", width=5120, inner=17920, activation="silu", fused=True), 40))
    both = drawn.box("gate, up 5,120 → 2 × 17,920")
    (times,) = drawn.operations()
    assert drawn.feeds(both, drawn.box("SiLU"))
    assert drawn.feeds(both, times)
    assert both.about is not None
    assert both.about.path == "model.layers.0.part.gate_up_proj"


def test_clamps_come_before_the_activation() -> None:
    block = gated_mlp("mlp", width=2880, inner=2880, activation="silu", limit=7.0)
    drawn = seen((block, 24))
    (times,) = drawn.operations()
    assert drawn.feeds(drawn.box("at most 7"), drawn.box("SiLU"))
    assert drawn.feeds(drawn.box("within ± 7"), times)


def test_steps_clamp_comes_after_it() -> None:
    block = gated_mlp("mlp", width=2880, inner=2880, activation="silu", limit=7.0)
    drawn = seen((limited_after(block), 24))
    (times,) = drawn.operations()
    assert drawn.feeds(drawn.box("SiLU"), drawn.box("at most 7"))
    assert drawn.feeds(drawn.box("at most 7"), times)
    assert drawn.feeds(drawn.box("within ± 7"), times)


@pytest.mark.parametrize("bias", [True, False])
def test_bias(bias: bool) -> None:
    drawn = seen((gated_mlp("mlp", width=64, inner=128, activation="silu", bias=bias), 1))
    assert ("each with bias" in drawn.words) is bias


@pytest.mark.parametrize(
    ("activation", "gated", "plain"),
    [
        ("silu", "SwiGLU", "SiLU"),
        ("gelu", "GeGLU", "GELU"),
        ("gelu_new", "GeGLU", "GELU (tanh)"),
        ("gelu_pytorch_tanh", "GeGLU", "GELU (tanh)"),
        ("relu2", "gated ReLU²", "ReLU²"),
        ("xielu", "gated xIELU", "xIELU"),
    ],
)
def test_names(activation: str, gated: str, plain: str) -> None:
    one = gated_mlp("mlp", width=64, inner=128, activation=activation)
    other = plain_mlp("mlp", width=64, inner=128, activation=activation)
    assert seen((one, 1)).inset.note.startswith(f"{gated}, ")
    assert seen((other, 1)).inset.note.startswith(f"{plain}, ")


def test_what_is_cut_of_a_gate_in_some_layers_says_in_how_many() -> None:
    root = find("gemma-3n-e4b").architecture.root
    mlps = [part for _, part in walk(root) if part.kind == "mlp"]
    (cut, *_), (whole, *_) = (
        [b for b in mlps if ("sparsity" in b.facts) == has] for has in (True, False)
    )
    drawn = seen((cut, 10), (whole, 25))
    assert drawn.count("the largest 5%") == 1
    assert drawn.count("10 of 35 layers") == 1
    assert "*largest 5%* of the gate's activations are kept in 10 of 35 layers" in particulars(
        [(cut, 10), (whole, 25)]
    )
    assert "*largest 5%* of the gate's activations are kept (activation sparsity)" in particulars(
        [(cut, 35)]
    )
