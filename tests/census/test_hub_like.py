"""The mix that is measured is the same each time, and holds every sort of row."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.hub_like import hub_like, write
from tests.census.conftest import run, told


def test_the_same_rows_each_time(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write(tmp_path / name, 50)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert [*islice(hub_like(1), 9)] != [*islice(hub_like(2), 9)]


@pytest.mark.whole
def test_every_sort_of_row(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "a.parquet", 3000)
    totals = run(out, tmp_path / "a.parquet")
    assert totals["read"] == 3000
    assert 1500 < totals["described"] < 2100
    assert 600 < totals["refused"] < 1200
    assert 60 < totals["unreadable"] < 300
    rows = told(out)
    assert len({row["repository"] for row in rows}) == 3000
    assert sum(row["copy_of"] is not None for row in rows) > 900
    assert any(row["unread"] for row in rows)
    assert {row["reason"][:40] for row in rows if row["outcome"] == "unreadable"} >= {
        "the row has no config, expected that of ",
        "the config is not JSON from line 1, colu",
        "the config is empty, expected a JSON obj",
    }
