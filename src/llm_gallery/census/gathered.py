"""The pieces of a census gathered: different configs, copies of each, and totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow
from pyarrow.parquet import ParquetWriter

from llm_gallery.census.outcome import NUMBERS
from llm_gallery.census.places import Places, whole
from llm_gallery.census.steps import CONFIG, literal, quoted, small_database

GROUP, BYTES = 512, 16 * 2**20
"""Configs that are described as one piece: two seconds of work, which is what a stop can lose. Bytes of these."""


def distinct(places: Places, pieces: int) -> None:
    """The first config of each key, in the order of the input."""
    files = [literal(places.configs(piece)) for piece in range(pieces)]
    with small_database(places) as connection, whole(places.distinct) as file:
        connection.execute(
            "CREATE TABLE first AS SELECT min(place) AS place FROM read_parquet(?) GROUP BY key",
            [files],
        )
        batches = connection.sql(
            "SELECT key, place, config FROM read_parquet(?) SEMI JOIN first USING (place) ORDER BY place",
            params=[files],
        )
        with ParquetWriter(file, CONFIG, compression="zstd") as written:
            for table in _tables(batches.to_arrow_reader(GROUP)):
                written.write_table(table)


def _tables(batches: Iterable[Any]) -> Iterator[Any]:
    """Tables of a fixed size, whatever batches DuckDB makes; one empty table where there are no rows."""
    rows: list[dict[str, Any]] = []
    size = 0
    for row in (row for batch in batches for row in batch.to_pylist()):
        rows.append(row)
        size += len(row["config"])
        if len(rows) == GROUP or size > BYTES:
            yield pyarrow.Table.from_pylist(rows, CONFIG)
            rows, size = [], 0
    yield pyarrow.Table.from_pylist(rows, CONFIG)


ORIGINALS = """
CREATE TABLE originals AS
SELECT architecture, count(*) AS repositories, arg_min(
    {'key': key, 'original': repository, 'original_place': row.place, 'created': created},
    {'created': coalesce(created, 'infinity'), 'place': row.place}) AS first
FROM read_parquet(?) row JOIN outcomes USING (key) WHERE architecture IS NOT NULL
GROUP BY architecture
"""
OUTCOMES = """
COPY (
    SELECT outcomes.* EXCLUDE (place), first.original, first.original_place
    FROM outcomes LEFT JOIN originals USING (architecture) ORDER BY outcomes.place
) TO '%s' (FORMAT parquet)
"""
ARCHITECTURES = f"""
COPY (
    SELECT {", ".join(f"told.{name}" for name in ("architecture", "design", "family"))},
        first.original AS repository, first.created, repositories,
        {", ".join(f"told.{name}" for name in (*NUMBERS, "concepts", "facts", "tree"))}
    FROM read_parquet(?) told JOIN originals ON told.key = first.key
) TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)
"""
TOTALS = """
SELECT coalesce(outcome, 'unreadable') AS outcome, count(*) FROM read_parquet(?) LEFT JOIN outcomes USING (key)
GROUP BY ALL
"""


def gather(places: Places, pieces: int, groups: int) -> dict[str, int]:
    """Writes outcomes and architectures, and counts: rows by outcome, and what differs."""
    described = [literal(places.described(group)) for group in range(groups)]
    rows = [literal(places.rows(piece)) for piece in range(pieces)]
    with (
        small_database(places) as connection,
        whole(places.outcomes) as outcomes,
        whole(places.architectures) as architectures,
    ):
        connection.execute(
            "CREATE TABLE outcomes AS SELECT * EXCLUDE (facts, tree) FROM read_parquet(?)",
            [described],
        )
        connection.execute(ORIGINALS, [rows])
        connection.execute(OUTCOMES % quoted(outcomes))
        connection.execute(ARCHITECTURES % quoted(architectures), [described])
        counted = dict(connection.execute(TOTALS, [rows]).fetchall())
        configs, kinds, designs = connection.execute(
            "SELECT count(*), count(DISTINCT architecture), count(DISTINCT design) FROM outcomes"
        ).fetchall()[0]
    return {
        "read": sum(counted.values()),
        **{name: counted.get(name, 0) for name in ("described", "refused", "unreadable")},
        "configs": configs,
        "architectures": kinds,
        "designs": designs,
    }
