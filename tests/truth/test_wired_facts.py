"""The proof bites: without any of its wired facts, a model's scores are no longer the reference's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from llm_gallery.running.miniature import miniature
from tests.truth import test_running_alike
from tests.truth.alike import Config
from tests.truth.test_running import CONFIGS, RUNNING

if TYPE_CHECKING:
    from tools.generate_running import Measured

COPIES = {json.dumps(miniature(CONFIGS[model]), sort_keys=True): model for model in RUNNING}
TIMES = 100
"""How much larger an error without a fact is, at least."""


@pytest.mark.truth
@pytest.mark.parametrize("config", COPIES, ids=[*COPIES.values()])
def test_without_any_wired_fact_the_scores_are_others(config: str) -> None:
    from tools.generate_running import measured

    bites(measured(config))


@pytest.mark.truth
@pytest.mark.parametrize(("family", "also"), test_running_alike.CASES)
def test_what_the_reference_lacks_bites_too(family: str, also: Config) -> None:
    from tools.generate_running import beside

    bites(beside(test_running_alike.answer(family, also)))


def bites(found: Measured) -> None:
    """No run without a fact comes near the scores."""
    assert len(found.without) > 3
    unseen = [fact for fact, error in found.without.items() if error < TIMES * found.error]
    assert unseen == []
