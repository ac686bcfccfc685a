"""Random configs of the families that run: their printed files give what `run` gives, branches that no release takes included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from llm_gallery import Refusal, describe, miniature, run, tensors
from llm_gallery.code.file import printed
from llm_gallery.running.proven import PROVEN
from tests.code.checkpoints import written
from tests.code.executed import Printed
from tests.code.test_printed import tokens, weights
from tests.truth.test_random_configs import FAMILIES, mutated

LARGEST = 4_000_000
"""Weights of a config that is worth running here."""
DRAWN = sorted(PROVEN & {*FAMILIES})
pytestmark = pytest.mark.whole


@pytest.mark.parametrize("family", DRAWN)
def test_a_random_config_is_printed_as_it_runs(family: str, tmp_path: Path) -> None:
    compared = 0
    for seed in range(4):
        try:
            architecture = describe(miniature(mutated(family, seed)))
            if sum(tensor.elements for tensor in tensors(architecture)) > LARGEST:
                continue
            held = weights(architecture)
            given = tokens(architecture)[: int(architecture.root.value("context") or 8)]
            wanted = run(architecture, held, given)[0]
            file = Printed(printed(architecture, family))
        except Refusal:  # two keys that don't go together, or what nothing computes or prints
            continue
        written(tmp_path, held)
        scores = file.scores(file.weights(tmp_path), *([one] for one in given))
        assert np.abs(scores - wanted).max() < 1e-12 * np.abs(wanted).max()
        compared += 1
    assert compared
