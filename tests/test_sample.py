"""The sample of `make test`: it holds whatever the catalog holds, and every family is touched without the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.catalog.load import find
from llm_gallery.families import names
from llm_gallery.families._wrapper_rows import ROWS
from tests import sample, test_every_model
from tests.cli import test_commands
from tests.families import test_bounds
from tests.figure import test_difference


def each_time(test: Any, name: str) -> set[Any]:
    """What a test is parametrized with in `make test`."""
    marks: Iterable[pytest.Mark] = test.pytestmark
    (given,) = (mark.args[1] for mark in marks if mark.args and mark.args[0] == name)
    cases = [one if isinstance(one, ParameterSet) else pytest.param(one) for one in given]
    return {case.values[0] for case in cases if not case.marks}


def everything(models: Iterable[str]) -> set[tuple[str, ...]]:
    return set().union(*map(sample.held, models))


def test_nothing_is_outside_the_sample() -> None:
    whole = everything(sample.catalog())
    assert {("kind", "moe"), ("concept", "nope"), ("fact", "attention", "window")} <= whole
    assert everything(sample.sample()) == whole


def test_no_model_of_the_sample_is_there_for_nothing() -> None:
    chosen = sample.sample()
    for last in range(len(chosen)):
        assert everything(chosen[: last + 1]) > everything(chosen[:last])
    assert len(chosen) < len(sample.catalog()) / 3


@pytest.mark.parametrize(
    ("test", "name"),
    [
        (test_every_model.TestEveryFigure, "identifier"),
        (test_commands.test_facts_as_text, "model"),
    ],
)
def test_the_sample_is_drawn_each_time(test: Any, name: str) -> None:
    assert each_time(test, name) == set(sample.sample())


def test_the_sample_is_compared_each_time() -> None:
    drawn = each_time(test_difference.test_gates, "names")
    assert {model for group in drawn for model in group} >= set(sample.sample())
    assert {len(group) for group in drawn} == {2, 3, 4}


def test_every_family_is_described_each_time() -> None:
    described = each_time(test_every_model.TestEveryModel, "identifier")
    families = {find(model).architecture.model_type for model in described}
    bounded = each_time(test_bounds.test_no_integer_makes_parts_without_end, "family")
    assert families - {*ROWS} | bounded == {*names()}
