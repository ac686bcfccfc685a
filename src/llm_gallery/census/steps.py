"""The steps that processes work at beside each other: each makes one file, whole, from files that are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
from pyarrow.parquet import ParquetFile, ParquetWriter

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census.database import database
from llm_gallery.census.normal import NO_CONFIG, NO_REPOSITORY, count, moment, name, normal
from llm_gallery.census.outcome import NUMBERS, OUTCOME, outcome
from llm_gallery.census.pieces import Piece
from llm_gallery.census.places import Places, whole
from llm_gallery.census.rows import Row, rows

PLACE = 2**32
"""`place` orders the rows of all pieces: the piece times this, and the row in it."""
TOGETHER, BYTES = 8_192, 16 * 2**20
"""Rows that are written at a time, and bytes of their configs."""
CONFIG = pyarrow.schema(
    [("key", pyarrow.string()), ("place", pyarrow.int64()), ("config", pyarrow.string())]
)
ROW = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        ("file", pyarrow.string()),
        ("row", pyarrow.int64()),
        ("repository", pyarrow.string()),
        ("created", pyarrow.timestamp("us")),
        ("downloads", pyarrow.int64()),
        ("likes", pyarrow.int64()),
        ("fault", pyarrow.string()),
        ("key", pyarrow.string()),
    ]
)
DESCRIBED = pyarrow.schema([*list(CONFIG)[:2], *OUTCOME])
AT_ONCE = 64
"""Descriptions that are written at a time."""
Known = tuple[str | None, str | None]
"""A key, or why there is none."""


def read(out: Path, index: int, piece: Piece) -> int:
    """A piece's rows with the keys of their configs, and the config of each key; gives how many rows."""
    places, seen_configs = Places(out), _SeenConfigs()
    with (
        whole(places.rows(index)) as rows_file,
        whole(places.configs(index)) as configs_file,
        ParquetWriter(rows_file, ROW) as rows_written,
        ParquetWriter(configs_file, CONFIG, compression="zstd") as configs_written,
    ):
        key_rows: list[tuple[Any, ...]] = []
        for at, row in enumerate(rows(piece), index * PLACE):
            key_rows.append(_row_values(row, seen_configs, at))
            if len(key_rows) == TOGETHER or seen_configs.size > BYTES:
                rows_written.write_table(_table(key_rows, ROW))
                configs_written.write_table(_table(seen_configs.taken(), CONFIG))
                key_rows = []
        rows_written.write_table(_table(key_rows, ROW))
        configs_written.write_table(_table(seen_configs.taken(), CONFIG))
    with ParquetFile(places.rows(index)) as written:
        return int(written.metadata.num_rows)


class _SeenConfigs:
    """The keys of a piece; a text that came before isn't read again."""

    def __init__(self) -> None:
        self._texts: dict[bytes, Known] = {}
        self._keys: set[str] = set()
        self._new: list[tuple[str, int, str]] = []
        self.size = 0

    def known(self, config: bytes | Mapping[str, Any], place: int) -> Known:
        """The key of a config, or why it has none."""
        if not isinstance(config, bytes):
            return self._read(config, place)
        text = blake2b(config, digest_size=16).digest()
        if text not in self._texts:
            self._texts[text] = self._read(config, place)
        return self._texts[text]

    def _read(self, config: bytes | Mapping[str, Any], place: int) -> Known:
        try:
            normalized = normal(config)
        except Refusal as refusal:
            return None, str(refusal)
        if normalized.key not in self._keys:
            self._keys.add(normalized.key)
            self._new.append((normalized.key, place, normalized.text))
            self.size += len(normalized.text)
        return normalized.key, None

    def taken(self) -> list[tuple[str, int, str]]:
        """Configs that came since the last call."""
        new, self._new, self.size = self._new, [], 0
        return new


def _row_values(row: Row, seen_configs: _SeenConfigs, place: int) -> tuple[Any, ...]:
    repository, key, fault = name(row.repository), None, row.fault
    if fault is None and repository is None:
        fault = NO_REPOSITORY
    elif fault is None and row.config is None:
        fault = NO_CONFIG
    elif fault is None and row.config is not None:
        key, fault = seen_configs.known(row.config, place)
    numbers = (count(row.downloads), count(row.likes))
    return (place, row.file, row.row, repository, moment(row.created), *numbers, fault, key)


def _table(rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [
        pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)
    ]
    return pyarrow.table(arrays, schema=schema)


def describe(out: Path, group: int) -> int:
    """What each config of a row group of the distinct ones comes to; gives how many there are."""
    places = Places(out)
    with ParquetFile(places.distinct) as distinct:
        batch_table = distinct.read_row_group(group)
    with (
        whole(places.described(group)) as file,
        ParquetWriter(file, DESCRIBED, compression="zstd") as written,
    ):
        for batch in batch_table.to_batches(AT_ONCE):
            outcomes = [row | outcome(row.pop("config")) for row in batch.to_pylist()]
            written.write_table(pyarrow.Table.from_pylist(outcomes, DESCRIBED))
    return len(batch_table)


JOINED = f"""
COPY (
    SELECT file, row, repository, created, downloads, likes,
        coalesce(outcome, 'unreadable') AS outcome, coalesce(fault, reason) AS reason,
        model_type, family, design, architecture,
        CASE WHEN place <> original_place THEN original END AS copy_of,
        {", ".join(NUMBERS)}, concepts, unread, assumed, warnings
    FROM read_parquet($rows) LEFT JOIN read_parquet($outcomes) USING (key)
    ORDER BY place
) TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)
"""


def write(out: Path, piece: int) -> int:
    """The finished rows of a piece; gives how many there are."""
    places = Places(out)
    with whole(places.repositories(piece)) as file, small_database(places) as connection:
        parameters = {"rows": literal(places.rows(piece)), "outcomes": literal(places.outcomes)}
        count_row = connection.execute(JOINED % quoted(file), parameters).fetchone()
    assert count_row is not None
    return int(count_row[0])


def small_database(places: Places) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """On one core, so that a table has the same bytes each time; what doesn't fit into memory goes to the disk."""
    return database(threads=1, memory_limit="512MB", temp_directory=str(places.spilled()))


def literal(path: Path) -> str:
    """A path that DuckDB reads as no pattern."""
    return re.sub(r"([*?[])", r"[\1]", str(path))


def quoted(path: Path) -> str:
    """A path inside the quotes of SQL."""
    return str(path).replace("'", "''")
