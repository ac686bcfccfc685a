"""The input of a census cut into pieces, the same ones for every reader."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
from pyarrow.parquet import ParquetFile

from llm_gallery.architecture.refusal import Refusal, printable, reason
from llm_gallery.census import storage
from llm_gallery.census.database import database

FILES = 2_000
"""Configs of a folder that are read as one piece."""
BYTES = 32 * 2**20
"""Bytes of JSON lines that are."""
ROWS = 2**17
"""Rows of a Parquet file that are."""
LINES, TABLES = (".jsonl", ".ndjson"), (".parquet",)
NEEDED = ("repository", "config")
EXPECTED = (
    "expected folders of configs, .json, .jsonl, .ndjson or .parquet files, or a pattern of these"
)


@dataclass(frozen=True, slots=True)
class Configs:
    """Files that hold one config each, by their paths from a folder; `folder` is empty where they were named."""

    folder: str
    names: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The JSON lines of a file that begin in a range of its bytes."""

    file: str
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Some rows of a row group of a Parquet file, from `start` to `end`; its first one is row `first` of the file."""

    file: str
    group: int
    first: int
    start: int
    end: int
    size: int


Piece = Configs | Lines | RowGroup


@dataclass(frozen=True, slots=True)
class Plan:
    """All pieces in their order, and a digest by which a census knows its input again."""

    pieces: tuple[Piece, ...]
    digest: str


def plan(inputs: Sequence[str]) -> Plan:
    """The pieces of folders, files and patterns. Raises Refusal where one names nothing that can be read."""
    digest = sha256()
    pieces: list[Piece] = []
    for folder, files in _files(inputs):
        sizes = []
        for name in files:  # of which there may be millions: no more than the size is kept
            size, stamp = storage.status(os.path.join(folder, name))
            digest.update(os.fsencode(f"{folder}\0{name}\0{size}\0{stamp}\n"))
            sizes.append((name, size))
        pieces += _cut(folder, sizes)
    if not pieces:
        raise Refusal(
            f"{_listed(inputs)} holds no row, expected at least one config; check the path"
        )
    return Plan(tuple(pieces), digest.hexdigest())


def named(planned: Plan) -> tuple[str, ...]:
    """A file of each folder, and each file that holds many rows: who sees these sees the input."""
    folders = {
        piece.folder: os.path.join(piece.folder, piece.names[0])
        for piece in planned.pieces
        if isinstance(piece, Configs)
    }
    files = {piece.file for piece in planned.pieces if not isinstance(piece, Configs)}
    return (*folders.values(), *sorted(files))


def _files(inputs: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Folders with the configs in them, and files that are named, each once and in order."""
    named: dict[str, None] = {}
    for place in inputs:
        if os.path.isdir(place):
            if not (files := list(_inside(place))):
                raise Refusal(
                    f"{printable(place, 160)} holds no .json file, {EXPECTED}; for tables in a folder, "
                    f"give {printable(place, 100)}/*.parquet"
                )
            yield place, files
        else:
            named.update(dict.fromkeys(_matching(place)))
    if named:
        yield "", list(named)


def _inside(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(place, name)
            if name.endswith(".json") and os.path.exists(path):  # no link to nowhere
                yield os.path.relpath(path, folder)


def _matching(pattern: str) -> Iterator[str]:
    """The files of a pattern, as DuckDB reads it, or the one of that very name."""
    if os.path.isfile(pattern):
        paths = [pattern]
    elif storage.remote(pattern):
        paths = _stored(pattern)
    else:
        try:
            with database() as connection:
                rows = connection.execute(
                    "SELECT file FROM glob(?) ORDER BY file", [pattern]
                ).fetchall()
        except (duckdb.Error, ValueError) as error:
            raise Refusal(
                f"{printable(pattern, 160)} is no pattern ({error}), {EXPECTED}"
            ) from None
        paths = [row[0] for row in rows]
    if not paths:
        raise Refusal(f"{printable(pattern, 160)} names nothing, {EXPECTED}; check the path")
    for file in paths:
        if not file.endswith((".json", *LINES, *TABLES)):
            raise Refusal(f"{printable(file, 160)} ends otherwise, {EXPECTED}; rename it")
        yield file


def _stored(pattern: str) -> list[str]:
    """Tables and lines in a store or at a host."""
    try:
        paths = [*storage.matching(pattern)]
    except (pyarrow.ArrowException, OSError) as error:
        raise Refusal(
            f"{printable(pattern, 160)} can't be read ({printable(reason(error), 120)}), "
            "expected files in a store, or one that a host serves in parts; check the address and who may read it"
        ) from None
    for file in paths:
        if file.endswith(".json"):
            raise Refusal(
                f"{printable(file, 160)} is one config, expected .jsonl, .ndjson or .parquet from a store "
                "or a host; copy it here first"
            )
    return paths


def _cut(folder: str, files: Sequence[tuple[str, int]]) -> Iterator[Piece]:
    configs = [(name, size) for name, size in files if name.endswith(".json")]
    for at in range(0, len(configs), FILES):
        group = configs[at : at + FILES]
        yield Configs(folder, tuple(name for name, _ in group), sum(size for _, size in group))
    for name, size in files:
        if name.endswith(LINES):
            yield from (
                Lines(name, start, min(start + BYTES, size)) for start in range(0, size, BYTES)
            )
        elif name.endswith(TABLES):
            yield from _groups(name)


def _groups(file: str) -> Iterator[RowGroup]:
    try:
        with storage.opened(file) as source, ParquetFile(source) as opened:
            columns, metadata = opened.schema_arrow, opened.metadata
    except (pyarrow.ArrowException, OSError) as error:
        raise Refusal(
            f"{printable(file, 160)} is no Parquet file ({printable(str(error), 100)}), "
            "expected one; get it again, or leave it out"
        ) from None
    missing = [name for name in NEEDED if name not in columns.names]
    if missing:
        raise Refusal(
            f"{printable(file, 160)} has no column {missing[0]} (it has {_listed(columns.names)}), "
            f"expected {' and '.join(NEEDED)}; rename the column"
        )
    kind = columns.field("config").type
    if not is_text(kind) and not pyarrow.types.is_struct(kind):
        raise Refusal(
            f"{printable(file, 160)} has {printable(str(kind))} as config, expected text or a struct; "
            "write it as text"
        )
    first = 0
    for group in range(metadata.num_row_groups):
        rows, size = metadata.row_group(group).num_rows, metadata.row_group(group).total_byte_size
        for start in range(0, rows, ROWS):
            end = min(start + ROWS, rows)
            yield RowGroup(file, group, first, start, end, size * (end - start) // rows)
        first += rows


def is_text(kind: Any) -> bool:
    """Whether a column of that type holds text, checked or not, however it is stored."""
    types = pyarrow.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    elif isinstance(kind, pyarrow.BaseExtensionType):  # JSON, as some programs call it
        kind = kind.storage_type
    return any(
        test(kind)
        for test in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    )


def _listed(names: Iterable[str]) -> str:
    return printable(", ".join(names), 120)


def repository(folder: str, name: str) -> str:
    """What a config's path says of its repository: org/name/config.json and org/name.json are org/name."""
    path = Path(os.fsencode(name).decode("utf-8", "replace"))
    said = path.parent if path.name == "config.json" else path.with_suffix("")
    return said.as_posix() if said.parts else Path(os.path.abspath(folder)).name
