"""Drawings as data name only lanes, roles and facts that there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.mechanisms import DRAWN, gated_deltanet, latent_attention, mamba
from llm_gallery.mechanisms.facts import terms
from llm_gallery.mechanisms.lane_drawing import (
    Branch,
    Convolution,
    Gate,
    HeadParts,
    Lane,
    LaneDrawing,
    Latent,
    State,
    Step,
)
from llm_gallery.mechanisms.stream_drawing import StreamMap
from llm_gallery.mechanisms.streams import HYPER_CONNECTIONS

LANES = {
    kind: home.drawing for kind, home in DRAWN.items() if isinstance(home.drawing, LaneDrawing)
}


@pytest.mark.parametrize(
    "row", [Step(on="q w", words="a"), Convolution("w"), Branch("w", to="q"), Branch("q", to="w")]
)
def test_a_row_on_a_lane_that_is_not_there_is_named(row: Step | Convolution | Branch) -> None:
    with pytest.raises(ValueError, match="names the lane 'w', expected one of"):
        replace(gated_deltanet.DRAWING, rows=(row,))


def test_a_state_across_a_lane_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="names the lane 'q', expected one of"):
        replace(mamba.DRAWING, core=gated_deltanet.DRAWING.core)


def test_a_gate_of_a_lane_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="names the lane 'w', expected one of"):
        replace(gated_deltanet.DRAWING, after=(Gate(lane="w"),))


def test_a_latent_across_a_lane_that_is_not_there_is_named() -> None:
    latent = Latent("q w", "kv_rank", "latent_down latent_norm value")
    with pytest.raises(ValueError, match="names the lane 'w', expected one of"):
        replace(latent_attention.DRAWING, latents=(latent,))


def test_a_role_of_a_latent_that_is_not_there_is_named() -> None:
    latent = Latent("k v", "kv_rank", "latent_down momentum value")
    with pytest.raises(ValueError, match="role 'momentum', expected one of"):
        replace(latent_attention.DRAWING, latents=(latent,))


def test_a_role_of_streams_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="role 'momentum', expected one of"):
        replace(HYPER_CONNECTIONS, maps=(StreamMap("momentum"),))


def test_a_role_that_is_not_there_is_named() -> None:
    lanes = (*gated_deltanet.DRAWING.lanes, Lane("w", "momentum", ("heads",)))
    with pytest.raises(ValueError, match="role 'momentum', expected one of"):
        replace(gated_deltanet.DRAWING, lanes=lanes)


@pytest.mark.parametrize("kind", LANES)
def test_facts_that_a_drawing_names_are_facts(kind: str) -> None:
    drawing = LANES[kind]
    named = set() if callable(drawing.width) else {drawing.width}
    if isinstance(drawing.core, State):
        sizes = (fact for size in drawing.core.sizes for fact in size.split())  # added up
        named |= {drawing.core.states, *sizes, *drawing.core.facts}
    for lane in drawing.lanes:
        outputs = () if callable(lane.outputs) else lane.outputs
        named |= {lane.rank, *(number for number in outputs if isinstance(number, str))}
    if isinstance(drawing.core, HeadParts):
        named |= set(drawing.core.facts)
    named |= {latent.rank for latent in drawing.latents} | {drawing.borrowing}
    named |= {fact for given in drawing.given for fact in given.facts}
    for row in drawing.rows:
        named |= set(row.facts if isinstance(row, Step) else ())
    for each in drawing.after:
        named |= {*each.function, *each.facts} if isinstance(each, Gate) else set()
    assert named - {""} <= terms().keys()
