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
    made = model(given, guess=guess)
    kin = _resembling(made) if made.entry is None else _known(made, made.entry)
    day = None if made.entry is None else made.entry.released
    kin = replace(kin, rare=rare(concepts(made.architecture.root), earlier(day)))
    told = explained(made.id, made.architecture, made.heading, kin)
    return Explanation(told.id, told.name, told.paragraphs, told.caveats)


def stated(entry: Entry, by: str = "authors") -> tuple[str, ...]:
    """What a model's authors state of whom it follows, or, by "dispute", what is disputed of that; a sentence each."""
    own = entry.repository.lower()
    return tuple(c.words for c in claims() if c.by == by and c.child.lower() == own)


def _known(made: Model, entry: Entry) -> Kin:
    """The nearest earlier model of the catalog, and those whose nearest it is."""
    later = tuple(
        Relative(child.id, child.name, descends=ancestors()[child.id].kind != "measure")
        for child in _ordered(one for one, parent in ancestors().items() if parent.id == made.id)
    )
    near = ancestors().get(made.id)
    elder = "" if near is None else near.elder
    beside = sorted(_ordered(siblings().get(made.id, ())), key=lambda one: one.id != elder)
    others = tuple(Relative(one.id, one.name) for one in beside)
    disputed = stated(entry, "dispute")
    kin = Kin(stated=stated(entry), disputed=disputed, siblings=others, later=later)
    if near is None:
        return replace(kin, begins=True)
    before = find(near.id)
    difference = Difference(profile(before), profile(made))
    relative = Relative(before.id, before.name, before.heading.month)
    return replace(kin, nearest=relative, difference=difference, because=near.kind)


def _ordered(found: Iterable[str]) -> list[Model]:
    """Models in the order of the family tree."""

    def order(child: Model) -> tuple[str, bool, int, str]:
        counts = parameters(child.architecture.root)
        day = released(MODELS / f"{child.id}.toml")
        return day, counts.active != counts.total, -counts.total, child.id

    return sorted(map(find, found), key=order)


def _resembling(made: Model) -> Kin:
    """Of a model from elsewhere, whose date nobody knows, the nearest of all."""
    step = nearest(profile(made))[0]
    before = find(step.old.id)
    return Kin(Relative(before.id, before.name, before.heading.month), step, dated=False)
