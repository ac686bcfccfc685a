"""How long ideas took: from the paper to the first open model, to the first laboratory of the catalog, to the fifth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from llm_gallery.catalog.paper_month import month
from llm_gallery.concepts import Concept, concepts
from llm_gallery.trends.trends import Adopter, Appearance, Trends

FIFTH = 5


@dataclass(frozen=True, slots=True)
class Lag:
    """A concept on its way into models; months are counted from one month to another."""

    concept: Concept
    paper: date | None  # its month, where the address says it
    designs: int  # that have it
    taken: tuple[Adopter, ...]  # the first model of each organization, oldest first

    @property
    def first(self) -> Adopter:
        """Where it is seen first in this catalog."""
        return self.taken[0]

    @property
    def fifth(self) -> Adopter | None:
        """The first model of the fifth organization."""
        return self.taken[FIFTH - 1] if len(self.taken) >= FIFTH else None

    @property
    def to_open(self) -> int | None:
        """Months from the paper to the first open model, in this catalog or not."""
        opened = self.concept.first_open
        return None if opened is None else _months(self.paper, opened.released)

    @property
    def to_first(self) -> int | None:
        """Months from the paper to the first model of the catalog; None where the paper's month isn't known."""
        return _months(self.paper, self.first.released)

    @property
    def first_to_fifth(self) -> int | None:
        """Months from the first organization to the fifth."""
        return None if self.fifth is None else _months(self.first.released, self.fifth.released)


def lags(counted: Trends) -> tuple[Lag, ...]:
    """Every concept of the catalog's models that is described, in the order in which they came."""
    return tuple(
        map(
            _lag,
            (appearance for appearance in counted.concepts if appearance.concept in concepts()),
        )
    )


def lag(counted: Trends, concept: str) -> Lag | None:
    """One of them; None for what no model's tree shows."""
    return next(
        (_lag(appearance) for appearance in counted.concepts if appearance.concept == concept), None
    )


def _lag(appearance: Appearance) -> Lag:
    concept = concepts()[appearance.concept]
    return Lag(concept, month(concept.paper.link), appearance.designs, appearance.taken)


def summary(lags: tuple[Lag, ...]) -> str:
    """The medians in a sentence, of those that came by a paper and reached five organizations."""
    waits = [lag.to_first for lag in lags if lag.to_first is not None and lag.to_first >= 0]
    spreads = [lag.first_to_fifth for lag in lags if lag.first_to_fifth is not None]
    said = []
    if waits:
        said.append(
            f"Half of {len(waits)} ideas whose paper is dated and came before any model here stood in one within "
            f"{median(waits):g} months of it"
        )
    if spreads:
        said.append(
            f"{'half' if said else 'Half'} of the {len(spreads)} that five organizations have took "
            f"{median(spreads):g} months or less from the first to the fifth"
        )
    return "; ".join(said) + "." if said else ""


def lag_rows(lags: tuple[Lag, ...]) -> Iterator[list[str]]:
    """A row each: paper, first open model, first and fifth organization, with the months between."""
    yield ["concept", "paper", "first open", "first here", "by", "after", "fifth", "by", "after"]
    for lag in lags:
        opened, fifth = lag.concept.first_open, lag.fifth
        yield [
            lag.concept.id,
            _month(lag.paper) or str(lag.concept.paper.year),
            _month(opened.released) if opened else "·",
            _month(lag.first.released),
            lag.first.organization,
            _count(lag.to_first),
            _month(fifth.released) if fifth else "·",
            fifth.organization if fifth else f"{len(lag.taken)} so far",
            _count(lag.first_to_fifth),
        ]


def lag_json(lag: Lag) -> dict[str, Any]:
    """Plain data; months are whole numbers, below zero where a model came before the paper."""
    opened = lag.concept.first_open
    return {
        "concept": lag.concept.id,
        "paper": {"year": lag.concept.paper.year, "month": _month(lag.paper) or None},
        "first_open": None
        if opened is None
        else {"model": opened.model, "released": opened.released.isoformat()},
        "first": _taken(lag.first),
        "fifth": None if lag.fifth is None else _taken(lag.fifth),
        "organizations": len(lag.taken),
        "months_to_first_open": lag.to_open,
        "months_to_first": lag.to_first,
        "months_to_fifth": lag.first_to_fifth,
    }


def _taken(adopter: Adopter) -> dict[str, str]:
    released = adopter.released.isoformat()
    return {"organization": adopter.organization, "model": adopter.model, "released": released}


def _months(start: date | None, end: date) -> int | None:
    return None if start is None else 12 * (end.year - start.year) + end.month - start.month


def _month(day: date | None) -> str:
    return "" if day is None else f"{day:%Y-%m}"


def _count(months: int | None) -> str:
    if months is None:
        return "·"
    return "before it" if months < 0 else f"{months} mo"
