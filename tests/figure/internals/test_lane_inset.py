"""The renderer of drawings that are data: what is stated is drawn, in the order in which it is stated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Convolved, mamba, receptance_mlp, rwkv, short_convolution
from llm_gallery.figure.internals._items import ITEMS
from llm_gallery.mechanisms import DRAWN, gated_deltanet, lane_drawing
from llm_gallery.mechanisms.lane_drawing import (
    After,
    Branch,
    Convolution,
    Gate,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from tests.figure.internals.seen import Seen, seen
from tests.figure.internals.test_states import delta


def changed(
    monkeypatch: pytest.MonkeyPatch, block: Block, width: float = 418, **members: Any
) -> Seen:
    """A block drawn as its kind is, but for some members of the drawing."""
    home = DRAWN[block.kind]
    assert isinstance(home.drawing, LaneDrawing)
    monkeypatch.setitem(DRAWN, block.kind, replace(home, drawing=replace(home.drawing, **members)))
    return seen((block, 1), width=width)


def test_every_item_that_can_be_stated_is_drawn() -> None:
    rows = {Step, Convolution, lane_drawing.Convolved, Branch, lane_drawing.Weighed}
    assert set(ITEMS) == {*rows, *get_args(After)}
    for home in DRAWN.values():
        if isinstance(home.drawing, LaneDrawing):
            assert {type(row) for row in home.drawing.rows} <= rows


def test_what_follows_the_state_follows_as_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = changed(
        monkeypatch, delta(), after=(Gate(words="exp"), Norm("LayerNorm", note="per head"))
    )
    (times,) = drawn.operations()
    assert drawn.feeds(drawn.box("o = S q / √128"), times)
    assert drawn.feeds(drawn.box("exp"), times)
    assert drawn.feeds(times, drawn.box("LayerNorm per head"))
    assert drawn.feeds(drawn.box("LayerNorm per head"), drawn.box("out 4,096 → 2,048"))


def test_rows_stand_on_their_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_heads(block: Block) -> str:
        return f"of {block.number('key_dim')}"

    rows = (
        Step(on="α β", words="tanh"),
        Step(on="β", words=of_heads),
        Step(on="q", words=""),
        Convolution("k v"),
    )
    drawn = changed(monkeypatch, delta(), width=560, rows=rows)
    state = drawn.box("o = S q / √128")
    assert drawn.feeds(drawn.box("q 2,048"), state)
    assert drawn.feeds(drawn.box("k 2,048"), drawn.box("convolution, last 4 then SiLU"))
    assert drawn.count("tanh") == 2
    assert any(drawn.feeds(drawn.box("tanh", nth), drawn.box("of 128")) for nth in range(2))
    assert drawn.feeds(drawn.box("of 128"), state)


def test_a_lane_from_which_others_start() -> None:
    block = mamba(
        "mixer",
        width=2560,
        inner=5120,
        state_dim=16,
        step_rank=160,
        convolved=Convolved(4, "silu"),
    )
    drawn = seen((block, 1))
    mixed, state = drawn.box("convolution, last 4 tokens then SiLU"), drawn.box("y = S C + D x")
    assert drawn.feeds(drawn.box("x 5,120"), mixed)
    for words in ("B → 16", "C → 16", "Δ → 160"):
        assert not drawn.feeds(mixed, drawn.box(words))
    assert drawn.feeds(drawn.box("B → 16"), state)
    assert drawn.feeds(drawn.box("Δ → 160"), drawn.box("→ 5,120"))
    assert drawn.count("5,120 × 16 numbers, 320 KiB") == 1
    assert "What it keeps" in seen((block, 1), width=856).words


def test_a_remark_needs_room(monkeypatch: pytest.MonkeyPatch) -> None:
    core = gated_deltanet.DRAWING.core
    assert isinstance(core, State)
    core = core._replace(remark="*2* are ^a^ " + "lot " * 8)
    words = "2 are a " + "lot " * 8
    assert words in changed(monkeypatch, delta(), width=630, core=core).words
    assert words not in changed(monkeypatch, delta(), width=400, core=core).words


def test_a_shift_is_under_all_lanes_and_an_average_over_two() -> None:
    drawn = seen((rwkv("attention", width=2048, inner=4096), 1))
    shift, average = (
        drawn.box("token shift μ x + (1 − μ) last x"),
        drawn.box("3 × 4,096 numbers kept"),
    )
    for words in ("k 2,048 → 4,096", "v 2,048 → 4,096"):
        assert drawn.feeds(shift, drawn.box(words))
        assert drawn.feeds(drawn.box(words), average)
    (times,) = drawn.operations()
    assert drawn.feeds(drawn.box("r 2,048 → 4,096"), drawn.box("sigmoid"))
    assert drawn.feeds(drawn.box("sigmoid"), times)
    assert drawn.feeds(average, times)
    assert drawn.feeds(times, drawn.box("out 4,096 → 2,048"))


def test_what_is_gated_may_be_the_last() -> None:
    drawn = seen((receptance_mlp("feed_forward", width=2048, inner=8192), 1))
    (times,) = drawn.operations()
    assert drawn.feeds(drawn.box("k 2,048 → 8,192"), drawn.box("ReLU²"))
    assert drawn.feeds(drawn.box("value 8,192 → 2,048"), times)
    assert drawn.count("out 8,192 → 2,048") == 0


def test_a_gate_is_times_before_a_convolution_and_another_after_it() -> None:
    drawn = seen((short_convolution("conv", width=1024, taps=3), 1))
    before, after = sorted(drawn.operations(), key=lambda box: -box.y)
    mixed = drawn.box("convolution, last 3 tokens")
    assert drawn.feeds(before, mixed)
    assert drawn.feeds(mixed, after)
    assert drawn.count("last 3 kept") == 1
    assert "Window" in seen((short_convolution("conv", width=1024, taps=3), 1), width=700).words
