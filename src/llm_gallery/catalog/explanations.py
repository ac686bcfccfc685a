"""A model explained, with what the catalog knows of its kin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from llm_gallery import explanation
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.ancestors import ancestors, siblings
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS, Given, Model, find, model, released
from llm_gallery.catalog.pasted_config import nearest
from llm_gallery.catalog.rarity import earlier, rare
from llm_gallery.comparison import Difference, profile
from llm_gallery.explanation import Kin, Relative, explained
from llm_gallery.lineage.stated_descents import claims


class Explanation(explanation.Explanation):
    """A model in three to six paragraphs of prose."""

    def text(self) -> str:
        """For a terminal."""
        return explanation.text(self)

    def markdown(self) -> str:
        """The same with headings and links."""
        return explanation.markdown(self)

    def to_json(self) -> Mapping[str, Any]:
        """Plain data; keys may be added, never changed."""
        return explanation.to_json(self)


def explain(given: Given, *, guess: bool = False) -> Explanation:
    """Three to six paragraphs of prose: what a model is, what is special, how a token flows, what it costs, whom it follows.

    With `guess`, a config of unknown
    type is described as the family whose keys fit best, and the caveats say so. Raises Refusal as `describe` does.
    """
    made = model(given, guess=guess)
    kin = _resembling(made) if made.entry is None else _known(made, made.entry)
    day = None if made.entry is None else made.entry.released
    kin = replace(kin, rare=rare(concepts(made.architecture.root), earlier(day)))
    explanation = explained(made.id, made.architecture, made.heading, kin)
    return Explanation(
        explanation.id, explanation.name, explanation.paragraphs, explanation.caveats
    )


def stated(entry: Entry, by: str = "authors") -> tuple[str, ...]:
    """What a model's authors state of whom it follows, or, by "dispute", what is disputed of that; a sentence each."""
    own = entry.repository.lower()
    return tuple(c.words for c in claims() if c.by == by and c.child.lower() == own)


def _known(model: Model, entry: Entry) -> Kin:
    """The nearest earlier model of the catalog, and those whose nearest it is."""
    later = tuple(
        Relative(child.id, child.name, descends=ancestors()[child.id].kind != "measure")
        for child in _ordered(name for name, parent in ancestors().items() if parent.id == model.id)
    )
    near = ancestors().get(model.id)
    elder = "" if near is None else near.elder
    beside = sorted(_ordered(siblings().get(model.id, ())), key=lambda model: model.id != elder)
    others = tuple(Relative(model.id, model.name) for model in beside)
    disputed = stated(entry, "dispute")
    kin = Kin(stated=stated(entry), disputed=disputed, siblings=others, later=later)
    if near is None:
        return replace(kin, begins=True)
    before = find(near.id)
    difference = Difference(profile(before), profile(model))
    relative = Relative(before.id, before.name, before.heading.month)
    return replace(kin, nearest=relative, difference=difference, because=near.kind)


def _ordered(found: Iterable[str]) -> list[Model]:
    """Models in the order of the family tree."""

    def order(child: Model) -> tuple[str, bool, int, str]:
        counts = parameters(child.architecture.root)
        day = released(MODELS / f"{child.id}.toml")
        return day, counts.active != counts.total, -counts.total, child.id

    return sorted(map(find, found), key=order)


def _resembling(model: Model) -> Kin:
    """Of a model from elsewhere, whose date nobody knows, the nearest of all."""
    step = nearest(profile(model))[0]
    before = find(step.old.id)
    return Kin(Relative(before.id, before.name, before.heading.month), step, dated=False)
