"""Tables as Parquet, read back with the library that others read them with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pyarrow.parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.catalog.parquet import Cell, Kind, parquet
from llm_gallery.trends.table import trends_parquet
from llm_gallery.trends.trends import trends
from tests.described_catalog import members


@dataclass(frozen=True)
class Named:
    name: str
    kind: Kind


COLUMNS = (Named("text", "text"), Named("count", "integer"), Named("day", "date"))
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=40),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.dates(date(1900, 1, 1)).map(date.isoformat),
    ),
    max_size=400,
)


def read(data: bytes) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pyarrow.parquet.read_table(BytesIO(data)).to_pylist()
    return rows


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_whatever_is_written_is_read_back(rows: list[tuple[Cell, ...]]) -> None:
    expected = [
        {"text": text, "count": count, "day": None if day is None else date.fromisoformat(str(day))}
        for text, count, day in rows
    ]
    assert read(parquet(COLUMNS, rows)) == expected


def test_the_table_of_trends_holds_every_model() -> None:
    found = trends(members())
    rows = read(trends_parquet(found))
    assert [row["model"] for row in rows] == [one.model for one in found.sizes]
    kimi = next(row for row in rows if row["model"] == "kimi-k2")
    assert (kimi["released"], kimi["experts"], kimi["kv_heads"]) == (date(2025, 7, 11), 384, None)
    assert "sigmoid-routing" in str(kimi["concepts"]).split()
