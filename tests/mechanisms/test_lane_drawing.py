"""Drawings as data name only lanes, roles and facts that there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.mechanisms import gated_deltanet, mamba
from llm_gallery.mechanisms.lane_drawing import (
    Branch,
    Convolution,
    Gate,
    Lane,
    Step,
)


@pytest.mark.parametrize(
    "row", [Step(on="q w", words="a"), Convolution("w"), Branch("w", to="q"), Branch("q", to="w")]
)
def test_a_row_on_a_lane_that_is_not_there_is_named(row: Step | Convolution | Branch) -> None:
    with pytest.raises(ValueError, match="a lane of the drawing is 'w', expected one of"):
        replace(gated_deltanet.DRAWING, rows=(row,))


def test_a_state_across_a_lane_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="a lane of the drawing is 'q', expected one of"):
        replace(mamba.DRAWING, core=gated_deltanet.DRAWING.core)


def test_a_gate_of_a_lane_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="a lane of the drawing is 'w', expected one of"):
        replace(gated_deltanet.DRAWING, after=(Gate(lane="w"),))


def test_a_role_that_is_not_there_is_named() -> None:
    lanes = (*gated_deltanet.DRAWING.lanes, Lane("w", "momentum", ("heads",)))
    with pytest.raises(ValueError, match="a role is 'momentum', expected a role of"):
        replace(gated_deltanet.DRAWING, lanes=lanes)
