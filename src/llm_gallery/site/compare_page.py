"""The comparison of any two to six models: one page, and a file a model from which its script puts it together.

There are too many pairs for a page each. A model's file holds its facts as `comparison.table` has them,
and in words what sets it apart from every older model; those of equal architectures are one work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from llm_gallery.comparison import Profile, TableSection, table
from llm_gallery.comparison.changes import ROLES
from llm_gallery.lineage import Member, Step
from llm_gallery.site.ancestry import changed_from
from llm_gallery.site.calculator_page import memory_numbers
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.page import TREE, Document, Page
from llm_gallery.site.plates import LEVELS
from llm_gallery.site.render import script
from llm_gallery.site.short_forms import day

SUGGESTED = 12
"""Models that are offered beside their ancestors where nothing is chosen yet."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the files of all models."""
    yield Document(
        "compare/index.html", "compare.html", partial(_values, site), TREE, card=site.card
    )
    for model in site.models:
        yield Page(f"compare/{model.id}.js", partial(_file, model, site), site.compared_with(model))
        for detail in LEVELS:
            name = f"drawings/{model.id}-{detail}"
            yield Page(f"{name}.js", partial(_drawing, model, name, detail), model.id)


def _file(shown: Shown, site: Site) -> bytes:
    order = tuple(site.lineage.members.values())  # oldest first
    older = order[: order.index(shown.member)]
    return script(f"compare/{shown.id}", _data(shown, site, older, changed_from(shown, site)))


def _drawing(shown: Shown, name: str, detail: Any) -> bytes:
    return script(name, str(shown.drawing(detail)))


def _data(shown: Shown, site: Site, older: Sequence[Member], step: Step | None) -> dict[str, Any]:
    whole, *sections, follows = table([shown.profile])
    places, texts = site.sayings.of(shown.member, older)
    return {
        **memory_numbers(shown.exhibit),
        "day": day(shown.exhibit.entry.released),
        "traits": _facts(whole),
        "parts": [
            {**part, "title": section.title, "facts": _facts(section)}
            for part, section in zip(parts(shown.profile), sections, strict=True)
        ],
        "follows": _facts(follows),
        "said": places,
        "texts": texts,
        "from": step.parent.id if step is not None else None,  # whose difference is drawn
    }


def parts(profile: Profile) -> Iterator[dict[str, Any]]:
    """What decides which part answers to which, in the order of the table."""
    for role in ROLES:
        for part in profile.parts:
            if part.role == role:
                yield {
                    "role": role,
                    "kind": part.kind,
                    "reach": part.reach,
                    "rotated": part.rotated,
                    "key": "\x01".join(part.key),
                }


def _facts(section: TableSection) -> list[list[Any]]:
    """Name, label, words and value of each fact."""
    return [[row.name, row.label, row.words[0], row.values[0]] for row in section.rows]


def _values(site: Site) -> dict[str, Any]:
    suggested: list[tuple[Member, Member]] = []
    for shown in site.models:
        step = site.lineage.parent(shown.id)
        if step is not None and not step.copy and len(suggested) < SUGGESTED:
            suggested.append((step.parent, step.child))
    organizations: dict[str, list[Shown]] = {}
    for shown in site.models:
        organizations.setdefault(shown.exhibit.entry.organization, []).append(shown)
    return {
        "levels": LEVELS,
        "models": site.models,
        "organizations": sorted(organizations.items(), key=lambda pair: pair[0].lower()),
        "suggested": suggested,
    }
