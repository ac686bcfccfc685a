"""A model explained, with what the catalog knows of its kin."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS, Given, Model, find, model, released
from llm_gallery.catalog.pasted_config import nearest
from llm_gallery.catalog.rarity import earlier, rare
from llm_gallery.comparison import Difference, profile
from llm_gallery.explanation import Explanation, Kin, Relative, explained
from llm_gallery.lineage.stated_descents import claims


def explain(given: Given, *, guess: bool = False) -> Explanation:
    """Three to six paragraphs of prose: what a model is, what is special, how a token flows, what it costs, whom it follows.

    `text`, `markdown` and `to_json` of `llm_gallery.explanation` write them. With `guess`, a config of unknown
    type is described as the family whose keys fit best, and the caveats say so. Raises Refusal as `describe` does.
    """
    made = model(given, guess=guess)
    kin = _resembling(made) if made.entry is None else _known(made, made.entry)
    day = None if made.entry is None else made.entry.released
    kin = replace(kin, rare=rare(made.architecture, earlier(day)))
    return explained(made.id, made.architecture, made.heading, kin)


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
