"""What transformers lacks runs as a model of another type does that it has, given the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from llm_gallery.families._config import LANGUAGE_MODEL
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE, compared, some
from tests.sample import first, share
from tests.truth.equivalents import EQUIVALENTS, Config
from tests.truth.released import CONFIGS

if TYPE_CHECKING:
    from tools.reference_run import Answer

CASES = [(family, also) for family, alike in EQUIVALENTS.items() for also in ({}, *alike.also)]
SEEDS = range(10)


@pytest.mark.truth
@pytest.mark.parametrize("seed", first(SEEDS, SEEDS[:5], SEEDS[5:]))
@pytest.mark.parametrize(("family", "also"), CASES)
def test_runs_as_another_type_does(family: str, also: Config, seed: int) -> None:
    wanted = answer(family, also, seed)
    run = compared(wanted.architecture, wanted.weights, wanted.tokens)
    assert wanted.error(run.scores) < CLOSE
    assert run.holds


@pytest.mark.truth
@pytest.mark.parametrize(("family", "also"), share(CASES, 2))
def test_without_any_wired_fact_the_scores_are_others(family: str, also: Config) -> None:
    """What docs/running.md holds of the families that the reference has."""
    from tools.generate_running import beside, unseen

    assert [*unseen({family: beside(answer(family, also))})] == []


def answer(family: str, also: Config, seed: int = 1) -> Answer:
    """What the reference's model of the other type makes of a small config."""
    from tools import reference_run

    alike = EQUIVALENTS[family]
    raw = miniature(CONFIGS[alike.model])
    of_text = raw.get(LANGUAGE_MODEL, raw)  # the language model's, where a wrapper holds it
    of_text |= {**alike.config, **also}
    other = {k: v for k, v in raw.items() if k not in alike.without and v is not None}
    told = alike.told(raw)
    other |= {theirs: raw[ours] for ours, theirs in alike.keys.items()} | dict(told)
    other = {**alike.around, LANGUAGE_MODEL: other} if alike.around else other
    other |= {"model_type": told.get("model_type", alike.reference)}
    with reference_run.doubles():
        model = reference_run.built(reference_run.with_epsilon(other), seed)
        alike.changed(model, raw)
        weights = alike.stored(reference_run.weights(model, other["model_type"]), raw)
        rows = model.lm_head.weight.data
        if describe(raw).root.value("normed_head"):
            rows.div_(rows.norm(dim=-1, keepdim=True))
            weights["lm_head.weight"] = (
                weights["lm_head.weight"] * np.linspace(0.5, 2, len(rows))[:, None]
            )
        architecture = describe(raw)
        tokens = some(architecture.root)
        return reference_run.Answer(
            architecture, weights, tokens, reference_run.scores(model, tokens)
        )
