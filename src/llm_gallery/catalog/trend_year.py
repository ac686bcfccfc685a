"""A year on one page, all of it counted: its recipe and who deviates, what came, what went, five numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.trend_recipe import Chosen, recipe
from llm_gallery.catalog.trend_statements import Statement, shift, statements
from llm_gallery.concepts import concepts
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import FOLLOWED, Record, Sizes, record
from llm_gallery.lineage.trends import Trends
from llm_gallery.lineage.trends_next import ENOUGH, Share

MOST = 6
"""Concepts that are named as risen, and as fallen."""
TWO = 2
"""Designs that a year must have had a concept in, for the next one to have lost it."""
FIGURES = ("total", "active_share", "experts", "context", "cache_bytes_per_token_long")
"""The five numbers whose medians tell a year, by the name under which they are followed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A concept's share of the designs of a year and of the year before."""

    concept: str
    now: Share
    then: Share


@dataclass(frozen=True, slots=True)
class Came:
    """A concept that no earlier model of the catalog has."""

    concept: str
    first: tuple[str, ...]  # the models of its first day
    released: date
    designs: int
    organizations: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the year's designs that have it: its median, and that of the year before; the most of all models."""

    name: str  # in FOLLOWED
    now: float
    designs: int
    then: float | None
    most: Record
    models: int  # of the year that have such a thing


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told of a year."""

    year: int
    until: date | None  # the newest model's day, of a year that isn't over by it
    models: int
    designs: int
    organizations: int
    before: int  # designs of the year before
    recipe: tuple[Chosen, ...]
    came: tuple[Came, ...]
    rose: tuple[Moved, ...]
    fell: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    figures: tuple[Figure, ...]
    answers: tuple[Statement, ...]  # what may come next is the last


def told_years(counted: Trends) -> tuple[int, ...]:
    """The years of which there is enough to tell, the newest first; the newest in any case."""
    return tuple(
        one.year
        for one in reversed(counted.years)
        if one.models >= ENOUGH or one.year == counted.years[-1].year
    )


def report(counted: Trends, names: Callable[[str], str], year: int) -> Report:
    """The year of these models. Raises Refusal where none of them is of it."""
    new = [one for one in counted.designs if one.released.year == year]
    old = [one for one in counted.designs if one.released.year == year - 1]
    of_year = next((one for one in counted.years if one.year == year), None)
    if of_year is None:
        known = ", ".join(str(one.year) for one in counted.years)
        raise Refusal(f"no model of the catalog is of {year}, expected one of {known}")
    moved = _moved(new, old)
    sizes = {one.model: one for one in counted.sizes}
    return Report(
        year=year,
        until=counted.until if year == counted.until.year else None,
        models=of_year.models,
        designs=len(new),
        organizations=len({one.organization for one in new}),
        before=len(old),
        recipe=recipe(new),
        came=_came(counted, new, year),
        rose=tuple(sorted((m for m in moved if _by(m) > 0), key=lambda m: (-_by(m), m.concept)))[
            :MOST
        ],
        fell=tuple(
            sorted(
                (m for m in moved if _by(m) < 0 and m.now.having), key=lambda m: (_by(m), m.concept)
            )
        )[:MOST],
        lost=tuple(m for m in moved if m.then.having >= TWO and not m.now.having),
        figures=_figures(
            [sizes[d.first.id] for d in new],
            [sizes[d.first.id] for d in old],
            [one for one in counted.sizes if one.released.year == year],
        ),
        answers=(
            *statements(counted, names, year),
            shift(counted, max(d.quarter for d in counted.designs if d.released.year <= year)),
        ),
    )


def _moved(new: Sequence[Design], old: Sequence[Design]) -> list[Moved]:
    if not new or not old:
        return []
    names = sorted({name for one in (*new, *old) for name in one.concepts} & set(concepts()))
    return [Moved(name, _share(name, new), _share(name, old)) for name in names]


def _share(concept: str, among: Sequence[Design]) -> Share:
    return Share(sum(concept in one.concepts for one in among), len(among))


def _by(one: Moved) -> float:
    return one.now.part - one.then.part


def _came(counted: Trends, new: Sequence[Design], year: int) -> tuple[Came, ...]:
    """Most designs first, then the earliest."""
    days = {one.model: one.released for one in counted.sizes}
    found = []
    for one in counted.concepts:
        having = [design for design in new if one.concept in design.concepts]
        if one.released.year == year and having and one.concept in concepts():
            makers = len({design.organization for design in having})
            first = tuple(model for model in one.models if days[model] == one.released)
            found.append(Came(one.concept, first, one.released, len(having), makers))
    return tuple(sorted(found, key=lambda came: (-came.designs, came.released, came.concept)))


def _figures(
    new: Sequence[Sizes], old: Sequence[Sizes], models: Sequence[Sizes]
) -> tuple[Figure, ...]:
    made = []
    for name in FIGURES:
        now, then = _numbers(name, new), _numbers(name, old)
        most = record(name, models)
        if now and most is not None:
            middle = median(then) if then else None
            every = len(_numbers(name, models))
            made.append(Figure(name, median(now), len(now), middle, most, every))
    return tuple(made)


def _numbers(name: str, of: Sequence[Sizes]) -> list[float]:
    return [value for one in of if (value := FOLLOWED[name](one)) is not None]


def report_json(one: Report) -> dict[str, Any]:
    """Plain data; a design is named by the id of its first model."""
    return {
        "year": one.year,
        "until": None if one.until is None else one.until.isoformat(),
        "models": one.models,
        "designs": one.designs,
        "organizations": one.organizations,
        "designs_before": one.before,
        "recipe": [
            {
                "part": chosen.part,
                "of": chosen.of,
                "choices": [
                    {"words": choice.words, "designs": [d.first.id for d in choice.designs]}
                    for choice in chosen.choices
                ],
            }
            for chosen in one.recipe
        ],
        "came": [
            {
                "concept": came.concept,
                "first": came.first[0],
                "designs": came.designs,
                "organizations": came.organizations,
            }
            for came in one.came
        ],
        **{
            name: [
                {"concept": moved.concept, "now": _plain(moved.now), "then": _plain(moved.then)}
                for moved in found
            ]
            for name, found in (("rose", one.rose), ("fell", one.fell), ("lost", one.lost))
        },
        "figures": [
            {
                "name": figure.name,
                "median": figure.now,
                "designs": figure.designs,
                "before": figure.then,
                "of_models": figure.models,
                "most": {"number": figure.most.number, "models": list(figure.most.models)},
            }
            for figure in one.figures
        ],
        "answers": [
            {"title": said.title, "text": said.text, "models": list(said.models)}
            for said in one.answers
        ],
    }


def _plain(one: Share) -> dict[str, int]:
    return {"having": one.having, "of": one.of}
