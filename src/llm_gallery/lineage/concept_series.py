"""A concept within the series of each organization: who took it up, dropped it, brought it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.family_member import Member

RELEASE_DAYS = 90
"""What an organization brings within so many days of the first is one release, which has what any of it has.

A series comes in several sizes, some of them dense: that nobody dropped the experts for.
"""

Course = Literal["brought back", "dropped", "took up", "kept", "never"]
COURSES: Mapping[Course, str] = {
    "brought back": "Had it, left it out, brought it back",
    "dropped": "Had it, and left it out of the latest release",
    "took up": "Took it up",
    "kept": "Have it in every release",
    "never": "Have it in none",
}
"""What became of a concept within an organization, the most telling first; each with its heading."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Releases in a row that have a concept, or lack it: designs, oldest first; `beside` lack it where the others have it."""

    has: bool
    designs: tuple[Design, ...]
    beside: tuple[Design, ...] = ()

    @property
    def since(self) -> date:
        """When the first of them came."""
        return self.designs[0].released


@dataclass(frozen=True, slots=True)
class Series:
    """The designs of an organization that could have a concept, in turns, oldest first."""

    organization: str
    turns: tuple[Turn, ...]

    @property
    def course(self) -> Course:
        """What became of the concept here."""
        having = [turn.has for turn in self.turns]
        if not any(having):
            return "never"
        if not having[-1]:
            return "dropped"
        if having.count(True) > 1:
            return "brought back"
        return "took up" if len(having) > 1 else "kept"


def needed(concept: str, designs: Sequence[Design], before: Collection[str]) -> frozenset[str]:
    """Of the concepts that are known before it those that every design with it has: without them it can't be there."""
    having = [design.concepts for design in designs if concept in design.concepts]
    return frozenset(before).intersection(*having) if having else frozenset()


def concept_series(
    concept: str, designs: Sequence[Design], before: Collection[str] = ()
) -> tuple[Series, ...]:
    """Each organization that brought a design which could have the concept, by what became of it, the earliest first.

    `before` are the concepts that this one builds on; a design without one that all with the concept have isn't
    asked. A copy of another organization's design is nobody's own.
    """
    host = needed(concept, designs, before)
    able: dict[str, list[Design]] = {}
    for design in designs:  # oldest first
        if host <= design.concepts:
            able.setdefault(design.organization, []).append(design)
    series = [Series(name, tuple(_turns(concept, designs))) for name, designs in able.items()]
    order = list(COURSES)
    return tuple(
        sorted(
            series,
            key=lambda s: (order.index(s.course), s.turns[0].since, s.organization),
        )
    )


def _turns(concept: str, house_designs: Sequence[Design]) -> Iterator[Turn]:
    """Releases with the same answer in a row are one turn."""
    answers = [
        (any(concept in d.concepts for d in some), some) for some in _releases(house_designs)
    ]
    for has, run in groupby(answers, key=lambda release: release[0]):
        designs = [design for _, release in run for design in release]
        yield Turn(
            has,
            tuple(d for d in designs if (concept in d.concepts) == has),
            tuple(d for d in designs if (concept in d.concepts) != has),
        )


def _releases(designs: Sequence[Design]) -> Iterator[list[Design]]:
    release: list[Design] = []
    for design in designs:
        if release and (design.released - release[0].released).days >= RELEASE_DAYS:
            yield release
            release = []
        release.append(design)
    if release:
        yield release


def to_json(series: Sequence[Series]) -> list[dict[str, Any]]:
    """Plain data: designs by the ids of their first models, dates as ISO text."""
    return [
        {
            "organization": series.organization,
            "course": series.course,
            "turns": [
                {
                    "has": turn.has,
                    "since": turn.since.isoformat(),
                    "designs": [design.first.id for design in turn.designs],
                    "beside": [design.first.id for design in turn.beside],
                }
                for turn in series.turns
            ],
        }
        for series in series
    ]


def own_models(design: Design) -> tuple[Member, ...]:
    """The models of a design that its own organization made, oldest first."""
    return tuple(model for model in design.models if model.house == design.organization)
