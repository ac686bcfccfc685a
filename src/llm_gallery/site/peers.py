"""The models that a page's cache chart shows beside its own: other designs, which a reader would compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.site.chart import SHORTEST
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit

MOST = 3
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Peers:
    """The models, and why they stand there."""

    exhibits: tuple[Exhibit, ...]
    why: str


def page_peers(exhibit: Exhibit, site: Site) -> Peers:
    """The nearest ancestor, then near models that mix tokens otherwise, then whatever is near; one a design."""
    ancestor = _ancestor(exhibit, site)
    ways = {_ways(exhibit)}
    chosen = [] if ancestor is None else [ancestor]
    others = [
        other
        for other in _others(exhibit, site)
        if ancestor is None or not _alike(other, ancestor, site)
    ]
    for other in others:
        if len(chosen) < MOST and _ways(other) not in ways | {_ways(exhibit) for exhibit in chosen}:
            chosen.append(other)
    otherwise = len(chosen) - (ancestor is not None)
    chosen += [other for other in others if other not in chosen][: MOST - len(chosen)]
    return Peers(tuple(chosen), _why(ancestor is not None, otherwise, len(chosen)))


def _ancestor(exhibit: Exhibit, site: Site) -> Exhibit | None:
    """A copy's is its original's."""
    step = site.lineage.parent(site.lineage.originals[exhibit.entry.id])
    if step is None:
        return None
    return next(exhibit for exhibit in site.exhibits if exhibit.entry.id == step.parent.id)


def _others(exhibit: Exhibit, site: Site) -> Iterator[Exhibit]:
    """One model of every other design that keeps something, nearest first: twice the size is as far as a year."""

    def far(other: Exhibit) -> tuple[float, str]:
        sizes = abs(log2(other.parameters.total / exhibit.parameters.total))
        years = abs((other.entry.released - exhibit.entry.released).days) / YEAR
        return sizes + years, other.entry.id

    seen = {site.lineage.originals[exhibit.entry.id]}
    for other in sorted(site.exhibits, key=far):
        design = site.lineage.originals[other.entry.id]
        if design not in seen and other.cache.at(2**SHORTEST):
            seen.add(design)
            yield other


def _alike(exhibit: Exhibit, other: Exhibit, site: Site) -> bool:
    originals = site.lineage.originals
    return originals[exhibit.entry.id] == originals[other.entry.id]


def _ways(exhibit: Exhibit) -> frozenset[Colour]:
    """How it mixes tokens, by which its past grows."""
    return frozenset(m for m in exhibit.mechanisms if FAMILIES[m].mixes == "tokens")


def _why(ancestor: bool, otherwise: int, all_of_them: int) -> str:
    groups = []
    if ancestor:
        groups.append("the model that it follows in the family tree")
    if otherwise:
        groups.append("the models nearest in size and time that keep their past in other ways")
    elif all_of_them > ancestor:
        groups.append("the models nearest in size and time")
    return f"Beside it stand {' and '.join(groups)}." if groups else ""
