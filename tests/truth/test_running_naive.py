"""What transformers lacks, and no type of its own computes, runs as a second, naive writing of the published code does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.families import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE, compared, some
from llm_gallery.running.proven import PROVEN
from llm_gallery.running.random_weights import RandomWeights
from tests.truth.naive.models import NAIVE
from tests.truth.naive.parts import Config
from tests.truth.test_wired_facts import TIMES

CONFIGS = {entry.id: entry.config for entry in entries()}
EPSILON = 1e-3
"""Of norms: large enough that a wrong one is seen."""
CASES = [
    pytest.param(family, also, id=f"{family}: {name}")
    for family, naive in NAIVE.items()
    for name, also in {"as released": {}, **naive.variants}.items()
]


def small(family: str, also: Config) -> dict[str, Any]:
    """The miniature of a family's model, with an epsilon that is seen."""
    raw = miniature(CONFIGS[NAIVE[family].model])
    for key, value in {"rms_norm_eps": EPSILON, **also}.items():
        inner = raw if key in raw or "text_config" not in raw else raw["text_config"]
        inner[key] = value
    return raw


def test_all_are_proven() -> None:
    assert {*NAIVE} <= PROVEN


@pytest.mark.parametrize(("family", "also"), CASES)
def test_runs_as_its_second_writing_does(family: str, also: Config) -> None:
    raw = small(family, also)
    architecture = describe(raw)
    weights, tokens = RandomWeights(architecture.root), some(architecture.root)
    run = compared(architecture, weights, tokens)
    wanted = NAIVE[family].scores(raw, weights, tokens)
    assert abs(run.scores - wanted).max() < CLOSE * abs(wanted).max()
    assert wanted.std() > 0.01 * abs(wanted).max()
    assert run.kept.done == run.kept.stated
    assert run.work.done == run.work.stated
    assert run.holds


@pytest.mark.parametrize("family", NAIVE)
def test_without_any_wired_fact_the_scores_are_others(family: str) -> None:
    from tools.wired_facts import each_without

    raw = small(family, {})
    architecture = describe(raw)
    weights, tokens = RandomWeights(architecture.root), some(architecture.root)
    wanted = NAIVE[family].scores(raw, weights, tokens)
    most = abs(wanted).max()
    error = abs(compared(architecture, weights, tokens).scores - wanted).max() / most
    found = {
        fact: abs(scores - wanted).max() / most
        for fact, scores in each_without(architecture, weights, tokens)
    }
    assert len(found) > 3
    least = TIMES * max(error, np.finfo(float).eps)
    assert [fact for fact, far in found.items() if far < least] == []
