"""A model explained, with what the catalog knows of its kin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from llm_gallery import explanation
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.ancestors import ancestors, siblings
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS, Given, Model, find, model, released
from llm_gallery.catalog.pasted_config import nearest
from llm_gallery.catalog.rarity import designs, earlier, rare
from llm_gallery.comparison import Difference, profile
from llm_gallery.explanation import Kin, Relative, explained, makers
from llm_gallery.lineage.stated_descents import claims


class Explanation(explanation.Explanation):
    """A model in three to six paragraphs of prose."""

    def text(self) -> str:
        """As text for a terminal."""
        return explanation.text(self)

    def markdown(self) -> str:
        """As Markdown, with headings and links."""
        return explanation.markdown(self)

    def to_json(self) -> Mapping[str, Any]:
        """As plain data; keys may be added, never changed."""
        return explanation.to_json(self)


def explain(given: Given, *, guess: bool = False) -> Explanation:
    """A model in three to six paragraphs: what it is, what is special, how a token flows, its cost, its ancestor.

    Returns: an explanation; each of `.paragraphs` has a title, its text, and the parts and models that it names.
    Raises: Refusal as `describe` does.
    """
    described = model(given, guess=guess)
    relatives = (
        _resembling(described) if described.entry is None else _known(described, described.entry)
    )
    day = None if described.entry is None else described.entry.released
    relatives = replace(relatives, rare=rare(concepts(described.architecture.root), earlier(day)))
    explanation = explained(
        described.id, described.architecture, described.heading, relatives, described.config
    )
    return Explanation(
        explanation.id, explanation.name, explanation.paragraphs, explanation.caveats
    )


def stated(entry: Entry, by: str = "authors") -> tuple[str, ...]:
    """The sentences of a model's authors on other models, or, by "dispute", those that dispute them."""
    repository, kinds = (
        entry.repository.lower(),
        ("authors", "credit") if by == "authors" else (by,),
    )
    return tuple(c.words for c in claims() if c.by in kinds and c.child.lower() == repository)


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
    relatives = Kin(stated=stated(entry), disputed=disputed, siblings=others, later=later)
    if entry.id in designs():
        parent = "" if near is None else near.id
        apart = [d for d in designs().values() if d.id not in siblings().get(entry.id, ())]
        before = makers(designs()[entry.id], parent, apart, _tree)
        relatives = replace(relatives, makers=before)
    if near is None:
        return replace(relatives, begins=True)
    ancestor = find(near.id)
    difference = Difference(profile(ancestor), profile(model))
    relative = Relative(ancestor.id, ancestor.name, ancestor.heading.month)
    return replace(relatives, nearest=relative, difference=difference, because=near.kind)


def _tree(model: str) -> Block:
    return find(model).architecture.root


def _ordered(concepts: Iterable[str]) -> list[Model]:
    """Models in the order of the family tree."""

    def order(child: Model) -> tuple[str, bool, int, str]:
        counts = parameters(child.architecture.root)
        day = released(MODELS / f"{child.id}.toml")
        return day, counts.active != counts.total, -counts.total, child.id

    return sorted(map(find, concepts), key=order)


def _resembling(model: Model) -> Kin:
    """The relatives of a model that isn't in the catalog and has no date: the nearest of all."""
    step = nearest(profile(model))[0]
    before = find(step.old.id)
    return Kin(Relative(before.id, before.name, before.heading.month), step, dated=False)
