"""The rows of a piece, whatever it was read from: whose config it is, and the config or what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow
from pyarrow.parquet import ParquetFile

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.census import storage
from llm_gallery.census.pieces import Configs, Lines, Piece, RowGroup, is_text, repository
from llm_gallery.sources.config_file import LARGEST, content, parse

MOST, BATCH = 8_192, 8 * 2**20
"""Rows and bytes that are taken from a Parquet file at a time."""
KNOWN = ("created", "downloads", "likes")


class Row(NamedTuple):
    """One row as its source states it.

    `row` is the number of a row in a Parquet file, from 0, or the byte at which a line begins. A config
    is text, or an object; `fault` says why there is none.
    """

    file: str
    row: int
    repository: object = None
    config: bytes | Mapping[str, Any] | None = None
    created: object = None
    downloads: object = None
    likes: object = None
    fault: str | None = None


def rows(piece: Piece) -> Iterator[Row]:
    """The rows in order. Raises Refusal where a Parquet file is broken."""
    if isinstance(piece, Configs):
        return _of_configs(piece)
    return _of_lines(piece) if isinstance(piece, Lines) else _of_row_group(piece)


def _of_configs(piece: Configs) -> Iterator[Row]:
    for name in piece.names:
        path = os.path.join(piece.folder, name)
        row = Row(_text(path), 0, repository(piece.folder, name))
        try:
            yield row._replace(config=content(Path(path)))
        except Refusal as refusal:
            yield row._replace(fault=str(refusal))


def _of_lines(piece: Lines) -> Iterator[Row]:
    with storage.opened(piece.file) as opened:
        if (
            piece.start
        ):  # the line that holds the byte before begins in another piece, or ends with it
            opened.seek(piece.start - 1)
            _skipped(opened)
        while (at := opened.tell()) < piece.end and (line := opened.readline(LARGEST + 1)):
            if len(line) > LARGEST and not line.endswith(b"\n"):
                _skipped(opened)
            if line.strip():
                yield _of_line(line, Row(_text(piece.file), at))


def _skipped(opened: BinaryIO) -> None:
    """Reads to the end of a line, however long."""
    while (part := opened.readline(LARGEST)) and not part.endswith(b"\n"):
        pass


def _of_line(line: bytes, row: Row) -> Row:
    try:
        said = parse(line, "the line")
    except Refusal as refusal:
        return row._replace(fault=str(refusal))
    config = said.get("config")
    row = row._replace(
        repository=said.get("repository"),
        created=said.get("created"),
        downloads=said.get("downloads"),
        likes=said.get("likes"),
    )
    if config is None or isinstance(config, dict):
        return row._replace(config=config)
    if isinstance(config, str):
        return row._replace(config=config.encode("utf-8", "surrogatepass"))
    fault = f"the line has {printable(repr(config))} as config, expected an object or its text"
    return row._replace(fault=f"{fault}; correct it")


def _of_row_group(piece: RowGroup) -> Iterator[Row]:
    most = max(1, min(MOST, BATCH * (piece.end - piece.start) // max(1, piece.size)))
    at, file = 0, _text(piece.file)
    try:
        with storage.opened(piece.file) as source, ParquetFile(source) as opened:
            names = [n for n in ("repository", "config", *KNOWN) if n in opened.schema_arrow.names]
            for batch in opened.iter_batches(most, [piece.group], names, use_threads=False):
                rows = batch[max(0, piece.start - at) : max(0, piece.end - at)]
                number = piece.first + max(at, piece.start)
                at += len(batch)
                columns = [_values(column) for column in rows.columns]
                for values in zip(*columns, strict=True):
                    yield _of_columns(Row(file, number), dict(zip(names, values, strict=True)))
                    number += 1
                if at >= piece.end:
                    break
    except (pyarrow.ArrowException, OSError) as error:
        raise Refusal(
            f"{printable(piece.file, 160)} can't be read from row {piece.first + at:,} on "
            f"({printable(str(error), 100)}), expected a whole Parquet file; get it again, or leave it out"
        ) from None


def _of_columns(row: Row, said: dict[str, Any]) -> Row:
    config = said.pop("config")
    return row._replace(
        config=_without_nulls(config) if isinstance(config, dict) else config, **said
    )


def _without_nulls(value: Any) -> Any:
    """A struct without its nulls: Parquet doesn't say whether a key was null or absent."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


def _values(column: Any) -> list[Any]:
    """A column's values. Text is bytes: nobody checked that it is UTF-8, and one row may not stop the others."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        column = column.dictionary_decode()
    elif isinstance(kind, pyarrow.BaseExtensionType):
        column = column.storage
    if is_text(kind):
        column = column.cast(pyarrow.large_binary())
    elif pyarrow.types.is_timestamp(kind) and kind.unit == "ns":  # which datetime can't hold
        column = column.cast(pyarrow.timestamp("us", kind.tz), safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]
    return values


def _value(scalar: Any) -> Any:
    """A value that Python can hold; a time in the year 290,000 is none."""
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return None


def _text(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
