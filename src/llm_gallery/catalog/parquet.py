"""A flat table as a Parquet file: one row group, plain values, no compression.

Written here, since the library for it weighs 55 MB and this takes a page; tests read it with that library.
Format: https://github.com/apache/parquet-format, Thrift's compact protocol for its headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from struct import pack
from typing import Literal, Protocol

Cell = str | int | None
Kind = Literal["text", "integer", "date"]
"""Dates are text as ISO writes them."""


class Column(Protocol):
    """A column's name and what its cells hold."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> Kind: ...


MAGIC = b"PAR1"
EPOCH = date(1970, 1, 1).toordinal()
PHYSICAL: dict[Kind, int] = {"integer": 2, "text": 6, "date": 1}  # INT64, BYTE_ARRAY, INT32
CONVERTED: dict[Kind, int | None] = {"integer": None, "text": 0, "date": 6}  # UTF8, DATE
OPTIONAL, PLAIN, RLE = 1, 0, 3
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


def parquet(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The file's bytes; every column may be empty in some rows."""
    out, chunks = bytearray(MAGIC), []
    for index, column in enumerate(columns):
        page = _page([row[index] for row in rows], column.kind)
        chunks.append(_chunk(column, len(out), len(page), len(rows)))
        out += page
    size = len(out) - len(MAGIC)
    group = _struct(
        (1, _LIST, _list(_STRUCT, chunks)),
        (2, _I64, _zigzag(size)),
        (3, _I64, _zigzag(len(rows))),
    )
    schema = [_struct((4, _BINARY, _text("models")), (5, _I32, _zigzag(len(columns))))]
    schema += [_element(column) for column in columns]
    footer = _struct(
        (1, _I32, _zigzag(1)),
        (2, _LIST, _list(_STRUCT, schema)),
        (3, _I64, _zigzag(len(rows))),
        (4, _LIST, _list(_STRUCT, [group])),
        (6, _BINARY, _text("llm-gallery")),
    )
    return bytes(out) + footer + pack("<I", len(footer)) + MAGIC


def _page(values: Sequence[Cell], kind: Kind) -> bytes:
    """One data page: which rows have a value, then the values."""
    runs = b"".join(
        _varint(len(list(run)) << 1) + bytes([there])
        for there, run in groupby(value is not None for value in values)
    )
    plain = b"".join(_plain(value, kind) for value in values if value is not None)
    body = pack("<I", len(runs)) + runs + plain
    numbers = [(1, len(values)), (2, PLAIN), (3, RLE), (4, RLE)]
    header = _struct(*((field, _I32, _zigzag(number)) for field, number in numbers))
    sizes = [(1, 0), (2, len(body)), (3, len(body))]
    said = [(field, _I32, _zigzag(number)) for field, number in sizes]
    return _struct(*said, (5, _STRUCT, header)) + body


def _plain(value: str | int, kind: Kind) -> bytes:
    if isinstance(value, int):
        return pack("<q", value)
    if kind == "date":
        return pack("<i", date.fromisoformat(value).toordinal() - EPOCH)
    held = value.encode()
    return pack("<I", len(held)) + held


def _chunk(column: Column, offset: int, size: int, rows: int) -> bytes:
    encodings = _list(_I32, [_zigzag(PLAIN), _zigzag(RLE)])
    meta = _struct(
        (1, _I32, _zigzag(PHYSICAL[column.kind])),
        (2, _LIST, encodings),
        (3, _LIST, _list(_BINARY, [_text(column.name)])),
        (4, _I32, _zigzag(0)),
        (5, _I64, _zigzag(rows)),
        (6, _I64, _zigzag(size)),
        (7, _I64, _zigzag(size)),
        (9, _I64, _zigzag(offset)),
    )
    return _struct((2, _I64, _zigzag(offset)), (3, _STRUCT, meta))


def _element(column: Column) -> bytes:
    """A column of the schema."""
    converted = CONVERTED[column.kind]
    fields = [
        (1, _I32, _zigzag(PHYSICAL[column.kind])),
        (3, _I32, _zigzag(OPTIONAL)),
        (4, _BINARY, _text(column.name)),
    ]
    if converted is not None:
        fields.append((6, _I32, _zigzag(converted)))
    return _struct(*fields)


def _struct(*fields: tuple[int, int, bytes]) -> bytes:
    """Fields in ascending order; each header holds the step from the last field's number."""
    out, last = bytearray(), 0
    for number, kind, held in fields:
        out += bytes([(number - last) << 4 | kind]) + held
        last = number
    return bytes(out) + b"\0"


def _list(kind: int, items: Sequence[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(items)


def _text(text: str) -> bytes:
    held = text.encode()
    return _varint(len(held)) + held


def _zigzag(number: int) -> bytes:
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])
