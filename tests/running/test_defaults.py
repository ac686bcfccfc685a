"""The reference's own default of every type, stated as a whole or left out: refused in a line, or proven, and its miniature agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model
from llm_gallery.catalog.proof_report import report
from llm_gallery.families import names
from llm_gallery.families._config import defaults
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from tests.sample import first, released_types
from tests.truth.test_random_configs import FAMILIES, mutated

ONCE_FAILING = (
    "deepseek_v4",
    "dots3_note_text",
    "mimo_v2_flash",
    "minimax_m3_vl_text",
    "qwen4_exp_text",
    "zamba2",
)
"""Whose miniature contradicted itself, or kept sizes of the large one, or whose proof ended in a traceback."""
SLOW = ("deepseek_v4",)
"""Two groups of 128 tokens, one by one."""
TYPES = [name for name in names() if defaults(name)]


def stated(model_type: str) -> Iterator[dict[str, Any]]:
    """The default, left out and written down."""
    yield {"model_type": model_type}
    yield {"model_type": model_type, **defaults(model_type)["defaults"]}


@pytest.mark.parametrize(
    "model_type", first(TYPES, {*ONCE_FAILING} - {*SLOW}, released_types() - {*ONCE_FAILING})
)
def test_a_default_is_proven_or_refused(model_type: str) -> None:
    """Of types that the catalog has, its own configs run each time, in `test_real_configs.py`."""
    for raw in stated(model_type):
        try:
            made = describe(raw)
        except Refusal:  # no model, as tests/truth/test_own_defaults.py has it
            continue
        proof = report(Model("default", "default", made, config=raw))
        if proof["runs"]:
            assert proof["kept"]["holds"]
            assert proof["multiply_adds"]["holds"]
            assert proof["one_by_one"]["holds"]
        else:
            assert all(line.isprintable() for line in proof["not_proven"])


def test_once_failing_defaults_are_no_longer_refused() -> None:
    for model_type in ONCE_FAILING:
        for raw in stated(model_type):
            assert describe(miniature(raw)).model_type == model_type


@pytest.mark.parametrize("seeds", first((4, 24), (4,), (24,)))
@pytest.mark.parametrize("family", FAMILIES)
def test_a_miniature_of_a_random_config_is_described(family: str, seeds: int) -> None:
    for seed in range(seeds):
        assert describe(miniature(mutated(family, seed))).model_type
