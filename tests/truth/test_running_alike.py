"""What transformers lacks runs as a model of another type does that it has, given the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.families import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE, compared, some
from llm_gallery.running.proven import PROVEN, STORED_OTHERWISE
from tests.truth.alike import ALIKE

CONFIGS = {entry.id: entry.config for entry in entries()}


def test_all_are_proven() -> None:
    assert {*ALIKE} == STORED_OTHERWISE
    assert STORED_OTHERWISE < PROVEN


@pytest.mark.truth
@pytest.mark.parametrize("family", ALIKE)
def test_runs_as_another_type_does(family: str) -> None:
    from tools import reference_run

    alike = ALIKE[family]
    raw = {**miniature(CONFIGS[alike.model]), **alike.config}
    other = {k: v for k, v in raw.items() if k not in alike.without and v is not None}
    other |= {theirs: raw[ours] for ours, theirs in alike.keys.items()}
    other |= {"model_type": alike.reference}
    with reference_run.doubles():
        model = reference_run.built(reference_run.with_epsilon(other), 1)
        alike.changed(model, raw)
        weights = alike.stored(reference_run.weights(model, alike.reference), raw)
        rows = model.lm_head.weight.data
        if describe(raw).root.value("normed_head"):
            rows.div_(rows.norm(dim=-1, keepdim=True))
            weights["lm_head.weight"] = (
                weights["lm_head.weight"] * np.linspace(0.5, 2, len(rows))[:, None]
            )
        architecture = describe(raw)
        tokens = some(architecture.root)
        wanted = reference_run.scores(model, tokens)
    answer = reference_run.Answer(architecture, weights, tokens, wanted)
    run = compared(architecture, weights, tokens)
    assert answer.error(run.scores) < CLOSE
    assert run.holds
