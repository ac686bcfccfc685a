"""The answers of a census as values, of which JSON, text and charts are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from llm_gallery.census.database import database
from llm_gallery.census.places import finished
from llm_gallery.census.report import queries
from llm_gallery.recognition import known

Found = Sequence[dict[str, Any]]
"""Rows of an answer, by the names that its query gives them."""


@dataclass(frozen=True, slots=True)
class Month:
    """Described repositories that were created in a month, and the downloads that they state."""

    month: date  # its first day
    models: int
    downloads: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """A concept's repositories of each month that has any described, in the order of `Report.months`."""

    concept: str
    models: tuple[int, ...]
    downloads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything; `new` are the designs of `month`, `undescribed` the types without a family."""

    coverage: dict[str, Any]
    months: tuple[Month, ...]
    adoption: tuple[Adoption, ...]  # most models first
    month: date | None  # whose new designs are told; None where no row has a date
    new: Found
    new_by_month: Found
    copied: Found
    undescribed: Found
    contradicting: Found
    unread: Found
    sizes: Found
    fading: Found


def report(out: Path, month: date | None = None) -> Report:
    """What a finished census says; new designs are those of a month, by default of the newest.

    Raises Refusal where the folder holds no finished census.
    """
    finished(out)
    with database(memory_limit="1GB") as connection:
        connection.execute(queries.views(out))

        def query_rows(query: str, **parameters: object) -> list[dict[str, Any]]:
            rows = connection.sql(query, params=parameters or None).to_arrow_table().to_pylist()
            return [{name: _whole(value) for name, value in row.items()} for row in rows]

        (coverage,) = query_rows(queries.COVERAGE)
        months = tuple(
            Month(row["month"], row["models"], row["downloads"])
            for row in query_rows(queries.MONTHS)
        )
        shown = month or (months[-1].month if months else None)
        refused = query_rows(queries.REFUSED)
        return Report(
            coverage,
            months,
            _adoption(query_rows(queries.ADOPTION), months),
            shown,
            query_rows(queries.NEW, month=shown) if shown else [],
            query_rows(queries.NEW_BY_MONTH),
            query_rows(queries.COPIED),
            [row for row in refused if not known({"model_type": row["model_type"]})],
            [row for row in refused if known({"model_type": row["model_type"]})],
            query_rows(queries.UNREAD),
            query_rows(queries.SIZES),
            query_rows(queries.FADING),
        )


def _whole(value: object) -> object:
    """A sum of downloads, which may not fit into 64 bits, as Python has it."""
    return int(value) if isinstance(value, Decimal) else value


def _adoption(rows: Found, months: Sequence[Month]) -> tuple[Adoption, ...]:
    at = {month.month: index for index, month in enumerate(months)}
    models: dict[str, list[int]] = {}
    downloads: dict[str, list[int]] = {}
    for row in rows:
        index, concept = at[row["month"]], row["concept"]
        models.setdefault(concept, [0] * len(at))[index] = row["models"]
        downloads.setdefault(concept, [0] * len(at))[index] = row["downloads"]
    adoptions = (Adoption(name, tuple(models[name]), tuple(downloads[name])) for name in models)
    return tuple(sorted(adoptions, key=lambda adoption: (-sum(adoption.models), adoption.concept)))
