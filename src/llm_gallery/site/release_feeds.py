"""Releases as Atom feeds: of all models, and of the newest of each maker and of each concept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from llm_gallery.catalog.entry import Entry
from llm_gallery.concepts import Concept
from llm_gallery.concepts import concepts as known
from llm_gallery.lineage import Step
from llm_gallery.plan.heading import MONTHS
from llm_gallery.site.contents import Site
from llm_gallery.site.feed import Feed, Item, feed
from llm_gallery.site.page import TREE, Page
from llm_gallery.site.sharing import NAME
from llm_gallery.site.short_forms import slug

NEWEST = 20
"""Entries of a feed of one maker or concept: who follows it asks again long before so many came."""
CHANGES = "changes/index.html"


@dataclass(frozen=True, slots=True)
class Release:
    """A model, its concepts, its nearest ancestor, what changed from it, and the concepts that no earlier model has."""

    entry: Entry
    concepts: tuple[str, ...]
    step: Step | None
    changed: str
    firsts: tuple[Concept, ...]

    @property
    def month(self) -> str:
        """ "August 2026"."""
        return f"{MONTHS[self.entry.released.month - 1]} {self.entry.released.year}"


@dataclass(frozen=True, slots=True)
class Group:
    """Releases with a feed of their own: of a maker, or with a concept."""

    name: str
    feed: Feed
    has: Callable[[Release], bool]


def pages(site: Site, releases: Callable[[], Sequence[Release]]) -> Iterator[Page]:
    """The feeds, newest first; `releases` are all of them."""
    everything = Feed(
        key="feed", title=f"{NAME}: new models", path="changes/feed.xml", page=CHANGES
    )
    address = site.hosting.address
    yield Page(everything.path, lambda: feed(everything, _items(releases()), address), TREE)
    for group in (*makers(site), *concept_groups(site)):
        yield Page(group.feed.path, partial(_newest, group, releases, address), TREE)


def groups(site: Site) -> dict[str, list[Group]]:
    """The feeds of less than everything, under what they are sorted by."""
    return {"By maker": makers(site), "By concept": concept_groups(site)}


def makers(site: Site) -> list[Group]:
    """One for each organization, by name; names that make one address share a feed."""
    names = {
        slug(exhibit.entry.organization): exhibit.entry.organization for exhibit in site.exhibits
    }
    return [_of_maker(name) for name in sorted(names.values(), key=str.casefold)]


def concept_groups(site: Site) -> list[Group]:
    """One for each concept that a model has, by name."""
    held = [concept for name, concept in known().items() if site.shown_by[name]]
    return [_of_concept(one) for one in sorted(held, key=lambda one: one.name.casefold())]


def concept_path(concept: str) -> str:
    """Where the feed of a concept stands."""
    return f"feeds/concept/{concept}.xml"


def _of_maker(name: str) -> Group:
    path = f"feeds/maker/{slug(name)}.xml"
    title = f"{NAME}: new models of {name}"
    own = Feed(key=f"feed:{path}", title=title, path=path, page=CHANGES)
    return Group(name, own, lambda release: slug(release.entry.organization) == slug(name))


def _of_concept(concept: Concept) -> Group:
    path = concept_path(concept.id)
    title = f"{NAME}: new models with {concept.name}"
    page = f"concepts/{concept.id}/index.html"
    own = Feed(key=f"feed:{path}", title=title, path=path, page=page)
    return Group(concept.name, own, lambda release: concept.id in release.concepts)


def _newest(group: Group, releases: Callable[[], Sequence[Release]], address: str) -> bytes:
    held = [release for release in releases() if group.has(release)]
    return feed(group.feed, _items(held[:NEWEST]), address)


def _items(releases: Sequence[Release]) -> list[Item]:
    return [
        Item(
            key=release.entry.id,
            title=f"{release.entry.name} ({release.entry.organization})",
            author=release.entry.organization,
            day=release.entry.released,
            link=f"models/{release.entry.id}/index.html",
            text=_words(release),
        )
        for release in releases
    ]


def _words(release: Release) -> str:
    parts = [release.entry.summary]
    if release.step is not None:
        parts.append(f"From {release.step.parent.name}: {release.changed}.")
    if release.firsts:
        parts.append(f"First here with {', '.join(c.name for c in release.firsts)}.")
    return " ".join(parts)
