"""A flat table as a Parquet file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Literal, Protocol

from llm_gallery.extras import need

Cell = str | int | None
Kind = Literal["text", "integer", "date"]
"""Dates are text as ISO writes them."""


class Column(Protocol):
    """A column's name and what its cells hold."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> Kind: ...


def parquet(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The file's bytes; every column may be empty in some rows. Raises Missing without the extra."""
    need("data", "A Parquet file")
    import pyarrow
    from pyarrow.parquet import write_table

    types = {"text": pyarrow.string(), "integer": pyarrow.int64(), "date": pyarrow.date32()}
    cells = {
        column.name: pyarrow.array(
            [_value(row[at], column.kind) for row in rows], types[column.kind]
        )
        for at, column in enumerate(columns)
    }
    file = BytesIO()
    write_table(pyarrow.table(cells), file)
    return file.getvalue()


def _value(cell: Cell, kind: Kind) -> Cell | date:
    return date.fromisoformat(cell) if kind == "date" and isinstance(cell, str) else cell
