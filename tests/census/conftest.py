"""Small censuses: rows made, read by this process, and their tables as rows again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
from pyarrow.parquet import write_table

from llm_gallery.census import Totals, census

Told = list[dict[str, Any]]
Run = Callable[..., Totals]


def quiet(step: str, done: int, share: float) -> None:
    """Progress that nobody reads; what it is told makes sense."""
    assert step in ("read", "describe", "write")
    assert done >= 0
    assert 0 <= share <= 1


def run(out: Path, *inputs: Path | str, workers: int = 1) -> Totals:
    return census([*map(str, inputs)], out, workers=workers, progress=quiet)


def told(out: Path, table: str = "repositories/*.parquet") -> Told:
    """The rows of a table, in order."""
    made = duckdb.connect().sql(f"SELECT * FROM read_parquet('{out}/{table}')").to_arrow_table()
    rows: Told = made.to_pylist()
    return rows


def contents(out: Path) -> Mapping[str, bytes]:
    """Every file of a folder."""
    files = sorted(file for file in out.rglob("*") if file.is_file())
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}


def table(file: Path, columns: Mapping[str, Sequence[Any]], *, group: int = 1_000_000) -> Path:
    """A Parquet file."""
    write_table(pyarrow.table({**columns}), file, row_group_size=group)
    return file


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
