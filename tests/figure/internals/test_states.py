"""Gated DeltaNet and Mamba-2: their streams, their states, and the order of gate and norm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.fact import fact
from llm_gallery.architecture.parts import Convolved, gated_deltanet, mamba2
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.pictures.states import matrix
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.plan.place import Variant
from tests.figure.internals.seen import said, seen


def delta() -> Block:
    """Qwen3-Next's."""
    return gated_deltanet(
        "linear_attn",
        width=2048,
        key_heads=16,
        value_heads=32,
        key_dim=128,
        value_dim=128,
        taps=4,
        activation="silu",
    )


def state_space(groups: int = 8, bias: bool = False) -> Block:
    """Nemotron 3 Nano's."""
    return mamba2(
        "mixer",
        width=2688,
        heads=64,
        head_dim=64,
        state_dim=128,
        groups=groups,
        convolved=Convolved(4, "silu"),
        bias=bias,
    )


def test_streams_of_deltanet() -> None:
    drawn = seen((delta(), 36))
    for words in (
        "q 2,048",
        "k 2,048",
        "v 4,096",
        "β 32",
        "α 32",
        "gate",
        "out 4,096 → 2,048",
    ):
        assert drawn.count(words) == 1
    mixed = drawn.box("convolution, last 4 then SiLU")
    for words in ("q 2,048", "k 2,048", "v 4,096"):
        assert drawn.feeds(drawn.box(words), mixed)
    assert drawn.feeds(mixed, drawn.box("L2 norm"))
    assert drawn.feeds(mixed, drawn.box("L2 norm", 1))
    assert drawn.feeds(drawn.box("β 32"), drawn.box("sigmoid"))
    assert drawn.feeds(drawn.box("α 32"), drawn.box("decay"))


def test_deltanet_norms_before_its_gate() -> None:
    drawn = seen((delta(), 36))
    (times,) = drawn.operations()
    state = drawn.box("o = S q / √128")
    assert drawn.feeds(state, drawn.box("RMSNorm"))
    assert drawn.feeds(drawn.box("RMSNorm"), times)
    assert drawn.feeds(drawn.box("SiLU"), times)
    assert drawn.feeds(times, drawn.box("out 4,096 → 2,048"))


def test_deltanet_state() -> None:
    drawn = seen((delta(), 36))
    assert drawn.count("S ← α S + β (v − α S k) kT") == 1
    assert drawn.count("32 states of 128 × 128") == 1
    assert drawn.drums() == 1


def test_deltanet_parts_answer_for_the_joined_matrices() -> None:
    drawn = seen((delta(), 36))
    paths = {words: drawn.box(words).about for words in ("gate", "β 32")}
    assert {w: a and a.path for w, a in paths.items()} == {
        "gate": "model.layers.0.part.in_proj_qkvz",
        "β 32": "model.layers.0.part.in_proj_ba",
    }


def test_streams_of_mamba2() -> None:
    drawn = seen((state_space(), 23))
    mixed = drawn.box("convolution, last 4 tokens then SiLU")
    for words in ("x 4,096", "B 1,024", "C 1,024"):
        assert drawn.feeds(drawn.box(words), mixed)
    assert drawn.feeds(drawn.box("Δ 64"), drawn.box("softplus"))
    assert drawn.feeds(drawn.box("gate"), drawn.box("SiLU"))


def test_mamba2_gates_before_its_norm() -> None:
    drawn = seen((state_space(), 23))
    (times,) = drawn.operations()
    norm = drawn.box("RMSNorm of each 512")
    assert drawn.feeds(drawn.box("y = S C + D x"), times)
    assert drawn.feeds(drawn.box("SiLU"), times)
    assert drawn.feeds(times, norm)
    assert drawn.feeds(norm, drawn.box("out 4,096 → 2,688"))


def test_mamba2_state() -> None:
    drawn = seen((state_space(), 23))
    assert drawn.count("64 states of 64 × 128") == 1
    assert drawn.count("8 groups share B and C") == 1
    assert drawn.drums() == 1
    assert seen((state_space(groups=64), 1)).count("64 groups share B and C") == 0
    assert seen((state_space(groups=1), 1)).count("RMSNorm") == 1


def test_mamba2_bias() -> None:
    assert "with bias" in seen((state_space(bias=True), 1)).words
    assert "with bias" not in seen((state_space(), 1)).words


def test_a_square_a_state_where_there_is_room() -> None:
    assert seen((state_space(), 1), width=856).squares("linear.solid") == [64]
    assert seen((delta(), 1), width=856).squares("linear.solid") == [32]
    assert seen((delta(), 1)).squares("linear.solid") == []
    assert "numbers, 2 MiB in float32" in seen((delta(), 1), width=856).words


def test_a_state_takes_what_its_dtype_does() -> None:
    halved = replace(delta(), facts={**delta().facts, "state_dtype": fact("bfloat16")})
    assert "numbers, 1 MiB in bfloat16" in seen((halved, 1), width=856).words
    unknown = replace(delta(), facts={**delta().facts, "state_dtype": fact("float7")})
    with pytest.raises(Refusal, match="the state dtype is 'float7', expected one of"):
        seen((unknown, 1))


@pytest.mark.parametrize(("name", "normed"), [("falcon-mamba-7b", True), ("mamba-2.8b", False)])
def test_norms_of_what_a_mamba_chooses(name: str, normed: bool) -> None:
    root = find(name).architecture.root
    drawn = seen((next(part for _, part in walk(root) if part.kind == "mamba"), 64), width=600)
    assert drawn.count("RMSNorm") == (3 if normed else 0)
    for nth, words in enumerate(("B → 16", "C → 16", "Δ → 256") if normed else ()):
        norms = [drawn.box("RMSNorm", at) for at in range(3)]
        assert sum(drawn.feeds(drawn.box(words), norm) for norm in norms) == 1, nth


def test_the_axes_of_a_state_are_those_that_its_home_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every state was called "key × value", which is false of slots."""
    home = DRAWN["gated_deltanet"]
    assert isinstance(home.drawing, LaneDrawing)
    assert isinstance(home.drawing.core, State)
    core = home.drawing.core._replace(axes=("slot", "part"))
    drawing = replace(home.drawing, core=core)
    monkeypatch.setitem(DRAWN, home.kind, replace(home, drawing=drawing))
    beside = " ".join(seen((delta(), 36), width=856).words)
    assert "by slot × part" in beside
    sheet = Sheet()
    matrix((Variant(delta(), "model.layers.0", (0,)),), sheet, 400, 0)
    words = [said(shape) for shape in sheet.shapes if isinstance(shape, Text)]
    assert words[:2] == ["slot", "part"]
    assert not {"value", "key"} & {*words}
