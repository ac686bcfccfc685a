"""The accuracy table written down: as the document for people, and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.accuracy import Row

TITLE = "# Accuracy: our counts beside the published ones"
INTRODUCTION = """\
Every number here is an exact count of elements, and [definitions.md](definitions.md) defines it.

- *Language model*, *prediction* (multi-token-prediction modules) and *towers* (vision and audio) are our counts.
- *Published* is the checkpoint's count, as its publisher or the Hub states it, and links to the place.
- *Remainder* is the published count less everything that the reason names. The aim is 0 everywhere."""
COLUMNS = (
    "Model", "Language model", "Prediction", "Towers", "Published", "Difference", "Remainder", "Reason",
)  # fmt: skip


def markdown(rows: Sequence[Row]) -> str:
    """The whole document, without the line that says who wrote it."""
    return "\n".join((TITLE, "", INTRODUCTION, "", summary(rows), "", *_table(rows), ""))


def summary(rows: Sequence[Row]) -> str:
    """How many models come out how far, in a sentence or two."""
    count = Counter(row.verdict for row in rows)
    open_ones = f"{count['remainder']} leave a remainder that nobody has explained. "
    return (
        f"Of {len(rows)} model{'' if len(rows) == 1 else 's'}, {count['exact']} come out to the last parameter. "
        f"{open_ones if count['remainder'] else ''}"
        f"{count['rounded']} publish a round number only, {count['unpublished']} no count that we know of. "
        "Their tensors are compared with the reference's, where there is one."
    )


def to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows for programs; counts are integers, and null where nothing is published."""
    return [
        {
            "id": row.id,
            "name": row.name,
            "total": row.total,
            "multi_token_prediction": row.multi_token_prediction,
            "other_modalities": row.other_modalities,
            "scales": row.scales,
            "extra": [{"elements": term.elements, "what": term.what} for term in row.extra],
            "published": row.published,
            "difference": row.difference,
            "remainder": row.remainder,
            "verdict": row.verdict,
            "reason": row.reason,
            "source": row.source,
        }
        for row in rows
    ]


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield _line(COLUMNS)
    yield _line(["---", *["---:"] * (len(COLUMNS) - 2), "---"])
    for row in rows:
        yield _line(
            (
                row.name,
                _count(row.total),
                _count(row.multi_token_prediction or None),
                _count(row.other_modalities or None),
                "" if row.published is None else f"[{_published(row)}]({row.source})",
                _count(row.difference),
                _count(row.remainder),
                row.reason,
            )
        )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _count(count: int | None) -> str:
    return "" if count is None else grouped(count)


def _published(row: Row) -> str:
    return f"{'about ' if row.rounded else ''}{_count(row.published)}"
