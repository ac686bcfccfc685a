"""Alternating updates and the largest of a gate, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from llm_gallery.architecture.parts import alternating_updates
from llm_gallery.mechanisms import MECHANISMS

np = pytest.importorskip("numpy")


def weights(maps: Any, shares: Any) -> Any:
    """Maps and shares that every token gets, whatever it weighs."""
    return SimpleNamespace(
        rms_norm=lambda x: x,
        modality=lambda x: x[:, :2],
        predict=lambda x: np.tile(maps, (len(x), 1)),
        correct=lambda x: np.tile(shares, (len(x), 1)),
        output_scale=np.array([2.0, 3.0, 5.0]),
    )


def test_a_stream_is_guessed_from_all_and_takes_its_share() -> None:
    from llm_gallery.mechanisms.forward.alternating_updates import (
        added_to_others,
        correct,
        first_stream,
        predict,
    )

    w = weights(
        [0.0, 0.0, 10.0, 1.0], [0.0, -0.5]
    )  # to the second: ten times the first, and itself
    x = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    guessed = predict(w, x)
    assert guessed.tolist() == [[[1.0, 2.0, 3.0], [18.0, 30.0, 42.0]]]
    worked = np.array([[3.0, 2.0, 1.0]])  # changed by 2, 0, -2
    corrected = correct(w, guessed, worked)
    assert corrected.tolist() == [[[3.0, 2.0, 1.0], [19.0, 30.0, 41.0]]]
    assert first_stream(SimpleNamespace(scaled_output=True), w, corrected).tolist() == [
        [6.0, 6.0, 5.0]
    ]
    assert first_stream(SimpleNamespace(scaled_output=None), w, corrected).tolist() == [
        [3.0, 2.0, 1.0]
    ]
    assert added_to_others(corrected, worked)[0, 1].tolist() == [22.0, 32.0, 42.0]
    assert added_to_others(corrected, worked)[0, 0].tolist() == [3.0, 2.0, 1.0]


def test_maps_are_weighed_before_a_layer_and_after_it() -> None:
    block = alternating_updates("altup", 7, 3, scaled=True)
    assert MECHANISMS["connection"].work(block, 10) == 7 * 3
    assert sum(MECHANISMS[p.kind].work(p, 10) for p in block.inside) == 7 * 3 + 3 * 9 + 3 * 3


def test_of_a_gate_what_exceeds_the_mean_by_some_deviations_is_left() -> None:
    from llm_gallery.mechanisms.forward.mlp import largest

    gate = np.array([[0.0, 0.0, 4.0, 4.0]])  # mean 2, deviation 2
    assert largest(gate, 0.0).tolist() == [[0.0, 0.0, 2.0, 2.0]]
    assert largest(gate, 0.5).tolist() == [[0.0, 0.0, 1.0, 1.0]]
    assert largest(gate, -2.0).tolist() == [[2.0, 2.0, 6.0, 6.0]]
