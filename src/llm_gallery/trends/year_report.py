"""A year on one page, all of it counted: its recipe and who deviates, what came, what went, five numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.concepts import concepts
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import FOLLOWED, Record, Sizes, record
from llm_gallery.trends.candidates import ENOUGH, Share
from llm_gallery.trends.recipe import Chosen, recipe
from llm_gallery.trends.statements import Statement, shift, statements
from llm_gallery.trends.trends import Trends

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
    lost: tuple[Moved, ...]  # of at least two designs before, in no model of the year
    figures: tuple[Figure, ...]
    answers: tuple[Statement, ...]  # what may come next is the last


def told_years(counted: Trends) -> tuple[int, ...]:
    """The years of which there is enough to tell, the newest first; the newest in any case."""
    return tuple(
        year.year
        for year in reversed(counted.years)
        if year.models >= ENOUGH or year.year == counted.years[-1].year
    )


def report(counted: Trends, names: Callable[[str], str], year: int) -> Report:
    """The year of these models. Raises Refusal where none of them is of it."""
    new = [design for design in counted.designs if design.released.year == year]
    old = [design for design in counted.designs if design.released.year == year - 1]
    of_year = next(
        (counted_year for counted_year in counted.years if counted_year.year == year), None
    )
    if of_year is None:
        known = ", ".join(str(counted_year.year) for counted_year in counted.years)
        raise Refusal(f"no model of the catalog is of {year}, expected one of {known}")
    moved = _moved(new, old)
    kept = {
        concept
        for design in counted.designs
        for model in design.models
        if model.released.year == year
        for concept in model.concepts
    }
    lost = tuple(m for m in moved if m.then.having >= TWO and m.concept not in kept)
    sizes = {size.model: size for size in counted.sizes}
    return Report(
        year=year,
        until=counted.until if year == counted.until.year else None,
        models=of_year.models,
        designs=len(new),
        organizations=len({design.organization for design in new}),
        before=len(old),
        recipe=recipe(new),
        came=_came(counted, new, year),
        rose=tuple(sorted((m for m in moved if _by(m) > 0), key=lambda m: (-_by(m), m.concept)))[
            :MOST
        ],
        fell=tuple(
            sorted(
                (m for m in moved if _by(m) < 0 and m not in lost),
                key=lambda m: (_by(m), m.concept),
            )
        )[:MOST],
        lost=lost,
        figures=_figures(
            [sizes[d.first.id] for d in new],
            [sizes[d.first.id] for d in old],
            [size for size in counted.sizes if size.released.year == year],
        ),
        answers=(
            *statements(counted, names, year),
            shift(counted, max(d.quarter for d in counted.designs if d.released.year <= year)),
        ),
    )


def _moved(new: Sequence[Design], old: Sequence[Design]) -> list[Moved]:
    if not new or not old:
        return []
    names = sorted({name for design in (*new, *old) for name in design.concepts} & set(concepts()))
    return [Moved(name, _share(name, new), _share(name, old)) for name in names]


def _share(concept: str, among: Sequence[Design]) -> Share:
    return Share(sum(concept in design.concepts for design in among), len(among))


def _by(moved: Moved) -> float:
    return moved.now.part - moved.then.part


def _came(counted: Trends, new: Sequence[Design], year: int) -> tuple[Came, ...]:
    """Most designs first, then the earliest."""
    days = {size.model: size.released for size in counted.sizes}
    newcomers = []
    for concept in counted.concepts:
        having = [design for design in new if concept.concept in design.concepts]
        if concept.released.year == year and having and concept.concept in concepts():
            makers = len({design.organization for design in having})
            first = tuple(model for model in concept.models if days[model] == concept.released)
            newcomers.append(Came(concept.concept, first, concept.released, len(having), makers))
    return tuple(sorted(newcomers, key=lambda came: (-came.designs, came.released, came.concept)))


def _figures(
    new: Sequence[Sizes], old: Sequence[Sizes], models: Sequence[Sizes]
) -> tuple[Figure, ...]:
    figures = []
    for name in FIGURES:
        now, then = _numbers(name, new), _numbers(name, old)
        most = record(name, models)
        if now and most is not None:
            middle = median(then) if then else None
            every = len(_numbers(name, models))
            figures.append(Figure(name, median(now), len(now), middle, most, every))
    return tuple(figures)


def _numbers(name: str, of: Sequence[Sizes]) -> list[float]:
    return [value for size in of if (value := FOLLOWED[name](size)) is not None]


def report_json(report: Report) -> dict[str, Any]:
    """Plain data; a design is named by the id of its first model."""
    return {
        "year": report.year,
        "until": None if report.until is None else report.until.isoformat(),
        "models": report.models,
        "designs": report.designs,
        "organizations": report.organizations,
        "designs_before": report.before,
        "recipe": [
            {
                "part": chosen.part,
                "of": chosen.of,
                "choices": [
                    {"words": choice.words, "designs": [d.first.id for d in choice.designs]}
                    for choice in chosen.choices
                ],
            }
            for chosen in report.recipe
        ],
        "came": [
            {
                "concept": came.concept,
                "first": came.first[0],
                "designs": came.designs,
                "organizations": came.organizations,
            }
            for came in report.came
        ],
        **{
            name: [
                {"concept": moved.concept, "now": _plain(moved.now), "then": _plain(moved.then)}
                for moved in moves
            ]
            for name, moves in (("rose", report.rose), ("fell", report.fell), ("lost", report.lost))
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
            for figure in report.figures
        ],
        "answers": [
            {"title": said.title, "text": said.text, "models": list(said.models)}
            for said in report.answers
        ],
    }


def _plain(share: Share) -> dict[str, int]:
    return {"having": share.having, "of": share.of}
