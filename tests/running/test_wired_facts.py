"""What docs/running.md says that the proof sees is held where it is measured: each wired fact, a hundredfold."""

from __future__ import annotations

from tools.generate_running import Measured, unseen

SEEN = {f"attention: {fact}": 0.1 for fact in ("window", "softcap", "scale")}


def test_a_fact_that_hardly_shows_is_named() -> None:
    found = {
        "shown": Measured(1e-15, {**SEEN, "mlp: limit": 2e-13}),
        "hidden": Measured(1e-15, {**SEEN, "mlp: limit": 9e-14}),
        "bare": Measured(1e-15, SEEN),
    }
    assert [*unseen(found)] == [
        "hidden: 9e-14 without mlp: limit, 1e-15 with it; expected 100 times that",
        "bare: 3 wired facts, expected at least 4",
    ]
