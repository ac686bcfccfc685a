"""The report as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.refusal import printable
from llm_gallery.census.report.counted import Report
from llm_gallery.census.report.queries import FADED, FOLLOWED, WINDOW
from llm_gallery.concepts import concepts

SHOWN, MONTHS = 25, 12
"""Rows of a list and months of a table that people are shown; JSON has all."""

DESIGNS = ("first repository", "family", "repositories", "sizes", "created")


@dataclass(frozen=True, slots=True)
class Table:
    """A question with its answer; all columns after the first `left` are numbers."""

    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1


def to_json(report: Report) -> dict[str, Any]:
    """All that was counted; days as ISO 8601."""
    plain: dict[str, Any] = _plain(asdict(report))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def coverage_text(report: Report) -> str:
    """In one sentence, what was counted and until when."""
    coverage = report.coverage
    days = (
        f"created from {coverage['first']} to {coverage['newest']}"
        if coverage["newest"]
        else "none of which states when it was created"
    )
    return (
        f"{coverage['read']:,} {'repository' if coverage['read'] == 1 else 'repositories'}, {days}: {coverage['described']:,} described, {coverage['refused']:,} refused, "
        f"{coverage['unreadable']:,} unreadable. Of the described, {coverage['dated']:,} state when they were created, "
        f"{coverage['with_downloads']:,} their downloads; {coverage['copies']:,} describe what an earlier one does."
    )


def text(report: Report) -> str:
    """For a terminal: plain columns, nothing wrapped."""
    blocks = [f"A census of {coverage_text(report)}"]
    for table in tables(report):
        lines = [table.title, *([f"  {table.note}"] if table.note else []), *_columns(table)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def markdown(report: Report) -> str:
    """The same tables for a page."""
    blocks = ["# A census", f"{coverage_text(report)}"]
    for table in tables(report):
        marks = [":--" if at < table.left else "--:" for at in range(len(table.columns))]
        lines = [_row(table.columns), _row(marks), *map(_row, table.rows)]
        note = [table.note] if table.note else []
        blocks += [f"## {table.title}", *note, "\n".join(lines) if table.rows else "None."]
    return "\n\n".join(blocks) + "\n"


def _row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _columns(table: Table) -> Iterator[str]:
    if not table.rows:
        yield "  none"
        return
    rows = [table.columns, *table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.ljust(wide) if at < table.left else cell.rjust(wide)
            for at, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}".rstrip()


def tables(report: Report) -> Iterator[Table]:
    """Every question with its answer, those shown first that say where it is heading."""
    yield _adopted(report, "models", "of the month's described models, in percent")
    yield _adopted(
        report, "downloads", "of the downloads of the month's described models, in percent"
    )
    month = f"{report.month:%Y-%m}" if report.month else "a month: no row has a date"
    yield Table(f"Designs new in {month}", _most(report.new), DESIGNS, _designs(report.new), 2)
    yield Table(
        "Designs new by month", "", ("month", "designs"),
        [(f"{row['month']:%Y-%m}", f"{row['designs']:,}") for row in report.new_by_month[-MONTHS:]],
    )  # fmt: skip
    yield copied(report)
    yield undescribed(report)
    yield Table(
        "Refused, although a family describes their type", _most(report.contradicting),
        ("model_type", "one reason", "repositories"),
        [
            (_type(row), printable(row["reason"], 110), f"{row['repositories']:,}")
            for row in report.contradicting[:SHOWN]
        ], 2,
    )  # fmt: skip
    yield Table(
        "Keys that nobody reads", _most(report.unread),
        ("key", "for instance in", "repositories", "families"),
        [
            (
                printable(row["key"], 60), printable(row["repository"], 60),
                f"{row['repositories']:,}", f"{row['families']:,}",
            )
            for row in report.unread[:SHOWN]
        ], 2,
    )  # fmt: skip
    yield Table(
        "Sizes of the month's new architectures", "median, and in brackets the 10th and 90th percentile",
        ("month", "new", *(name.replace("_", " ") for name in FOLLOWED)), list(_sizes(report)),
    )  # fmt: skip
    yield Table(
        "Families that fade",
        f"created in the newest {WINDOW} months: at most one for {FADED} of the best {WINDOW} months",
        ("family", "repositories", f"best {WINDOW} months", "newest", "last created"),
        [
            (
                row["family"], f"{row['repositories']:,}", f"{row['best']:,}", f"{row['now']:,}",
                row["last"].isoformat(),
            )
            for row in report.fading[:SHOWN]
        ],
    )  # fmt: skip


def copied(report: Report) -> Table:
    """Designs by how many repositories have them."""
    return Table("Most copied designs", _most(report.copied), DESIGNS, _designs(report.copied), 2)


def undescribed(report: Report) -> Table:
    """Types that need a family."""
    return Table(
        "Model types that no family describes", _most(report.undescribed), ("model_type", "repositories", "downloads"),
        [
            (_type(row), f"{row['repositories']:,}", f"{row['downloads']:,}")
            for row in report.undescribed[:SHOWN]
        ],
    )  # fmt: skip


def _adopted(report: Report, weight: str, note: str) -> Table:
    shown = report.months[-MONTHS:]
    whole = [month.models if weight == "models" else month.downloads for month in shown]
    rows = []
    for adoption in report.adoption:
        having = (adoption.models if weight == "models" else adoption.downloads)[-len(shown) :]
        if any(having):
            cells = [
                f"{100 * n / of:.0f}" if n else "·" for n, of in zip(having, whole, strict=True)
            ]
            rows.append((concept_name(adoption.concept), *cells))
    counted = ("all", *(short(number) for number in whole))
    months = ("concept", *(f"{month.month:%Y-%m}" for month in shown))
    return Table(f"Adoption by {weight}", note, months, [counted, *rows] if shown else [])


def concept_name(concept: str) -> str:
    """A concept as people say it."""
    known = concepts().get(concept)
    return known.name if known else concept


def _most(rows: Sequence[object]) -> str:
    return f"the first {SHOWN} of {len(rows):,}" if len(rows) > SHOWN else ""


def _type(row: dict[str, Any]) -> str:
    return printable(row["model_type"], 60) if row["model_type"] else "none is stated"


def _designs(rows: Sequence[dict[str, Any]]) -> list[Sequence[str]]:
    return [
        (
            printable(row["repository"], 60), row["family"], f"{row['repositories']:,}", f"{row['sizes']:,}",
            row["created"].isoformat() if row["created"] else "",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip


def _sizes(report: Report) -> Iterator[Sequence[str]]:
    for row in report.sizes[-MONTHS:]:
        yield (
            f"{row['month']:%Y-%m}", f"{row['architectures']:,}",
            *(_spread(name, row[name]) for name in FOLLOWED),
        )  # fmt: skip


def _spread(name: str, quantiles: Sequence[int] | None) -> str:
    if not quantiles:
        return ""
    words: Callable[[int], str] = (
        binary if "bytes" in name else short if name in ("total", "active") else "{:,}".format
    )
    low, middle, high = map(words, quantiles)
    return f"{middle} ({low}–{high})"
