"""What docs/running.md says that the proof sees is held where it is measured: each wired fact, a hundredfold."""

from __future__ import annotations

import numpy as np

from llm_gallery.running.run import run
from tests.running.test_run import TOKENS, small, weights
from tools.generate_running import unseen
from tools.running_page import Measured
from tools.wired_facts import each_without

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


def test_each_norm_and_fact_is_taken_away() -> None:
    """Norms on the stream, of a mixer's heads, and around the layers: the scores are others without any."""
    architecture = small("olmo-2-7b")
    held = weights(architecture)
    whole = run(architecture, held, TOKENS)[0]
    found = dict(each_without(architecture, held, TOKENS))
    assert {
        "around the layers: norm after", "attention: key norm", "attention: query norm",
        "attention: rope base", "branch: norm after",
    } <= {name.replace("_", " ") for name in found}  # fmt: skip
    assert all(np.abs(scores - whole).max() > 1e-9 for scores in found.values())
