"""Drawings as data name only lanes, roles and facts that there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.mechanisms import gated_deltanet, latent_attention, mamba
from llm_gallery.mechanisms.lane_drawing import (
    Branch,
    Convolution,
    Gate,
    Lane,
    Latent,
    Step,
)
from llm_gallery.mechanisms.stream_drawing import StreamMap
from llm_gallery.mechanisms.streams import HYPER_CONNECTIONS


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


def test_a_latent_across_a_lane_that_is_not_there_is_named() -> None:
    latent = Latent("q w", "kv_rank", "latent_down latent_norm value")
    with pytest.raises(ValueError, match="a lane of the drawing is 'w', expected one of"):
        replace(latent_attention.DRAWING, latents=(latent,))


def test_a_role_of_a_latent_that_is_not_there_is_named() -> None:
    latent = Latent("k v", "kv_rank", "latent_down momentum value")
    with pytest.raises(ValueError, match="is 'momentum', expected a role of"):
        replace(latent_attention.DRAWING, latents=(latent,))


def test_a_role_of_streams_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="is 'momentum', expected a role of"):
        replace(HYPER_CONNECTIONS, maps=(StreamMap("momentum"),))


def test_a_role_that_is_not_there_is_named() -> None:
    lanes = (*gated_deltanet.DRAWING.lanes, Lane("w", "momentum", ("heads",)))
    with pytest.raises(ValueError, match="a role is 'momentum', expected a role of"):
        replace(gated_deltanet.DRAWING, lanes=lanes)
