"""The prose on top of a model's page: its sentences, in which names of parts and of models are links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.explanations import stated
from llm_gallery.catalog.rarity import rare
from llm_gallery.explanation import (
    Design,
    Explanation,
    Kin,
    Paragraph,
    Relative,
    explained,
    makers,
    pieces,
)
from llm_gallery.lineage.series import series
from llm_gallery.site.contents import Shown, Site


class Span(NamedTuple):
    """Some words of a sentence, and what they name: a part of the model by its path, or another model by its id."""

    text: str
    part: str = ""
    model: str = ""


Spans = tuple[tuple[Span, ...], ...]
"""The sentences of a paragraph."""


def explanation(shown: Shown, site: Site) -> Explanation:
    """What is said of a model, with its kin in this catalog."""
    step = site.lineage.parent(shown.id)
    later = tuple(
        Relative(s.child.id, s.child.name, descends=s.evidence.relation == "descends")
        for s in site.lineage.children[shown.id]
    )
    tree = site.lineage
    elder = step.elder.id if step is not None and step.elder is not None else ""
    siblings = sorted(tree.siblings[shown.id], key=lambda sibling: sibling != elder)
    beside = tuple(Relative(sibling, tree.members[sibling].name) for sibling in siblings)
    entry = shown.exhibit.entry
    relatives = Kin(
        stated=stated(entry),
        disputed=stated(entry, "dispute"),
        siblings=beside,
        later=later,
        begins=step is None,
    )
    if step is not None:
        before = next(shown for shown in site.models if shown.id == step.parent.id)
        near = Relative(before.id, step.parent.name, before.model.heading.month)
        relatives = replace(
            relatives, nearest=near, difference=step.difference, because=step.evidence.kind
        )
    day = shown.exhibit.entry.released
    designs = {s.id: _design(s, site) for s in site.models}
    shown_before = [design.concepts for design in designs.values() if design.released < day]
    relatives = replace(
        relatives,
        rare=rare(designs[shown.id].concepts, shown_before),
        makers=makers(
            designs[shown.id],
            "" if step is None else step.parent.id,
            [design for design in designs.values() if design.id not in tree.siblings[shown.id]],
            lambda model: tree.members[model].architecture.root,
        ),
    )
    model = shown.model
    return explained(shown.id, model.architecture, model.heading, relatives, model.config)


def _design(shown: Shown, site: Site) -> Design:
    member = site.lineage.members[shown.id]
    shows = frozenset(concepts(shown.model.architecture.root))
    return Design(shown.id, member.name, member.house, series(member), member.released, shows)


def prose(explanation: Explanation) -> tuple[Spans, ...]:
    """Its paragraphs; what is named is a link where the paragraph first names it."""
    return tuple(tuple(map(tuple, _spans(paragraph))) for paragraph in explanation.paragraphs)


def _spans(paragraph: Paragraph) -> Iterator[Iterator[Span]]:
    parts = {name.words: name.target for name in reversed(paragraph.parts)}
    models = {name.words: name.target for name in reversed(paragraph.models)}
    met: set[str] = set()
    for sentence in paragraph.sentences:
        yield _of_sentence(sentence.text, parts, models, met)


def _of_sentence(
    text: str, parts: dict[str, str], models: dict[str, str], met: set[str]
) -> Iterator[Span]:
    for words in pieces(text, (*parts, *models)):
        target = parts.get(words) or models.get(words) or ""
        first = target not in met
        met.add(target)
        if words:
            yield Span(words, parts.get(words, "") * first, models.get(words, "") * first)
