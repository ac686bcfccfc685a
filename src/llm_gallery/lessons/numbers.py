"""Which models' numbers a lesson's text may ask for: its own, those without the concept, another's, those of changed keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from llm_gallery.analysis.counterfactual import without
from llm_gallery.catalog.load import described, find
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.lesson import lessons


@cache
def model(identifier: str, concept: str) -> Numbers:
    """The numbers of a catalog's model. Raises Refusal where there is none of that id."""
    model = find(identifier)
    return Numbers(model.name, model.architecture.root, concept)


@cache
def undone(identifier: str, concept: str) -> Numbers | None:
    """The same model with the concept undone and all else kept; None where nothing says how.

    What a tree can't undo a lesson may say by keys of its own model's config.
    """
    whole, lesson = model(identifier, concept), lessons().get(concept)
    if (changed := without(whole.root, concept)) is not None:
        return Numbers(whole.name, changed, concept)
    if lesson is None or lesson.without is None or lesson.on != identifier:
        return None
    if not lesson.without.changes:
        return None
    return with_keys(identifier, concept, lesson.without.changes)


def with_keys(identifier: str, concept: str, keys: Mapping[str, object]) -> Numbers:
    """The same model with keys of its config changed. Raises Refusal where no such model can be."""
    changed = config(identifier)
    for key, value in keys.items():
        changed = _with_key(changed, key.split("."), value)
    return Numbers(find(identifier).name, described(changed, identifier).root, concept)


def config(identifier: str) -> Mapping[str, Any]:
    """What the catalog keeps of a model's config."""
    entry = find(identifier).entry
    assert entry is not None  # it is of the catalog
    return entry.config


def _with_key(config: Mapping[str, Any], path: list[str], value: object) -> dict[str, Any]:
    """The config with one key set; "text_config.sliding_window" is a key of a table inside."""
    first, *rest = path
    return {**config, first: _with_key(config[first], rest, value) if rest else value}
