"""A model explained, with what the catalog knows of its kin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.load import MODELS, Given, Model, find, model, released
from llm_gallery.catalog.pasted_config import nearest
from llm_gallery.comparison import Difference, profile
from llm_gallery.explanation import Explanation, Kin, Relative, explained
from llm_gallery.lineage import Member
from llm_gallery.lineage.stated_descents import claims


def explain(given: Given, *, guess: bool = False) -> Explanation:
    """Three to six paragraphs of prose: what a model is, what is special, how a token flows, what it costs, whom it follows.

    `text`, `markdown` and `to_json` of `llm_gallery.explanation` write them. With `guess`, a config of unknown
    type is described as the family whose keys fit best, and the caveats say so. Raises Refusal as `describe` does.
    """
    made = model(given, guess=guess)
    kin = _resembling(made) if made.entry is None else _known(made, made.entry)
    kin = replace(kin, rare=rare(made.architecture, _others(made.entry)))
    return explained(made.id, made.architecture, made.heading, kin)


FEW, ENOUGH = 0.1, 10
"""The share of earlier models that have a concept, up to which it is rare, and as many as there must be."""


def rare(own: Architecture, others: Iterable[Architecture]) -> tuple[str, ...]:
    """Which of a model's concepts few of the others have, the rarest first; none where there are too few to tell."""
    held = [frozenset(concepts(one.root)) for one in others]
    if len(held) < ENOUGH:
        return ()
    having = {name: sum(name in one for one in held) for name in concepts(own.root)}
    few = (name for name, count in having.items() if count <= FEW * len(held))
    return tuple(sorted(few, key=lambda name: (having[name], name)))


def stated(entry: Entry) -> tuple[str, ...]:
    """What a model's authors state of whom it follows, a sentence each."""
    own = entry.repository.lower()
    return tuple(c.words for c in claims() if c.by == "authors" and c.child.lower() == own)


def _known(made: Model, entry: Entry) -> Kin:
    """The nearest earlier model of the catalog, and those whose nearest it is."""
    later = tuple(
        Relative(child.id, child.name, descends=ancestors()[child.id].kind != "measure")
        for child in _children(made.id)
    )
    kin = Kin(stated=stated(entry), later=later)
    near = ancestors().get(made.id)
    if near is None:
        return replace(kin, begins=True)
    before = find(near.id)
    difference = Difference(profile(before), profile(made))
    relative = Relative(before.id, before.name, before.heading.month)
    return replace(kin, nearest=relative, difference=difference, because=near.kind)


def _children(own: str) -> list[Model]:
    """Those whose nearest earlier model it is, in the order of the family tree."""

    def order(child: Model) -> tuple[str, bool, int, str]:
        counts = parameters(child.architecture.root)
        day = released(MODELS / f"{child.id}.toml")
        return day, counts.active != counts.total, -counts.total, child.id

    found = [find(child) for child, parent in ancestors().items() if parent.id == own]
    return sorted(found, key=order)


def _resembling(made: Model) -> Kin:
    """Of a model from elsewhere, whose date nobody knows, the nearest of all."""
    step = nearest(profile(made))[0]
    before = find(step.old.id)
    return Kin(Relative(before.id, before.name, before.heading.month), step, dated=False)


def _others(entry: Entry | None) -> list[Architecture]:
    """The models of earlier days; all, of a model whose day nobody knows."""
    return [m.architecture for m in _catalog() if entry is None or m.released < entry.released]


@cache
def _catalog() -> tuple[Member, ...]:
    """The package's own, read once: what is rare is asked of each model."""
    return members()
