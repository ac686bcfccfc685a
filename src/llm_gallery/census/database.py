"""DuckDB, in which Ctrl+C is what it is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

STOPPED = "Query interrupted"
"""What DuckDB raises a RuntimeError of where Ctrl+C comes while it works at a query."""


@contextmanager
def database(**settings: str | int) -> Iterator[duckdb.DuckDBPyConnection]:
    """One in memory. Raises KeyboardInterrupt where Ctrl+C ends a query, as between two."""
    with duckdb.connect(config={**settings}) as connection:
        try:
            yield connection
        except RuntimeError as error:
            if str(error) != STOPPED:
                raise
            raise KeyboardInterrupt from None
