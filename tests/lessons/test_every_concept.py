"""Every concept that a fact sheet may show is taught: problem, idea, formula, code, counterfactual and reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.catalog.concept_reading import of_concept
from llm_gallery.catalog.load import models
from llm_gallery.concepts import Concept, concepts
from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson, lessons
from llm_gallery.lessons.taught import computed_lesson
from llm_gallery.mechanisms import activation
from llm_gallery.recognition import describe
from tests.truth.test_random_configs import FAMILIES, SEEDS, mutated

pytestmark = pytest.mark.whole

ONLY_IN_WORDS = {
    "mamba": "a layer is mixer and MLP at once: attention alone in its place would be no model",
    "multi-head-attention": "others are undone to it, and one head as wide is counted the same",
    "one-part-layers": "its layers don't come in pairs that could be joined to layers of two parts",
}
"""What a model would be without these, the problem says in words, and why nothing counts it."""
DRAWS = 4
"""Configs of a family: enough for every switch that its draws turn often."""


def lacking(concept: str) -> Iterator[str]:
    """What is missing for somebody who meets a concept on a fact sheet."""
    known, lesson = concepts().get(concept), lessons().get(concept)
    if known is None:
        yield "a page"
    elif lesson is None:
        yield "a lesson"
    else:
        yield from _missing(known, lesson)


def _missing(known: Concept, lesson: Lesson) -> Iterator[str]:
    told = computed_lesson(lesson)
    if not re.search(r"\d", told.problem):
        yield "a problem with a number of the model"
    if not told.idea:
        yield "an idea"
    if not known.formula or not told.symbols:
        yield "a formula with its symbols"
    if not told.code[0].text:
        yield "code"
    if not of_concept(known.id):
        yield "something to read"
    if lesson.id not in ONLY_IN_WORDS and numbers.undone(lesson.on, lesson.id) is None:
        yield "the model without it in numbers"


@cache
def of_any_family() -> frozenset[str]:
    """Concepts that fact sheets show: of the catalog's models, and of configs drawn for every other family."""
    held = [model.architecture for model in models()]
    held += [describe(mutated(family, seed)) for family in FAMILIES for seed in SEEDS[:DRAWS]]
    return frozenset(concept for one in held for concept in shown(one.root))


@pytest.mark.parametrize("concept", concepts())
def test_a_concept_is_taught(concept: str) -> None:
    assert [*lacking(concept)] == []


def test_concepts_are_those_that_models_have() -> None:
    """`silu` and `mixed-norm` once had a page, and no fact sheet led there."""
    assert set(concepts()) == of_any_family()


def test_only_what_nothing_undoes_is_left_to_words() -> None:
    counted = {one.id for one in lessons().values() if numbers.undone(one.on, one.id) is not None}
    assert {*lessons()} - counted == {*ONLY_IN_WORDS}


@pytest.mark.parametrize(
    "lesson", [one for one in lessons().values() if one.without], ids=lambda one: one.id
)
def test_without_it_the_model_lacks_it(lesson: Lesson) -> None:
    undone = numbers.undone(lesson.on, lesson.id)
    assert undone is not None
    assert lesson.id not in shown(undone.root)


def test_a_concept_without_a_lesson_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family's function that is named as a concept and taught nowhere; a lesson that loses a part."""
    monkeypatch.setitem(activation.CONCEPTS, "SiLU", "silu")
    plain = describe({"model_type": "gpt2", "activation_function": "silu"})
    assert [found for one in shown(plain.root) for found in lacking(one)] == ["a page"]
    known, lesson = concepts()["rope"], lessons()["rope"]
    assert [*_missing(replace(known, id="unread"), lesson)] == ["something to read"]
    assert [*_missing(replace(known, formula=""), lesson)] == ["a formula with its symbols"]
    fewer = MappingProxyType({k: v for k, v in lessons().items() if k != "rope"})
    monkeypatch.setattr("tests.lessons.test_every_concept.lessons", lambda: fewer)
    assert [*lacking("rope")] == ["a lesson"]
