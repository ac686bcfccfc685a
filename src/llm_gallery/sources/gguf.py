"""The header of a `.gguf` file, version 2 or 3: keys, and the list of tensors; the weights aren't read.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
A file of several (`-00001-of-00005`) is read with the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.sources.gguf_types import TYPES
from llm_gallery.sources.header_bytes import HeaderBytes
from llm_gallery.sources.other_kinds import HEAD, of_bytes
from llm_gallery.sources.stored import (
    Stored,
    StoredTensor,
    cut_in_data,
    size_of,
    unreadable,
)

EXPECTED = "a GGUF file"
VERSIONS = (2, 3)
STRING, ARRAY = 8, 9
NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}  # fmt: skip
"""Formats of values that are numbers, as `struct` has them, by GGUF's number of the type."""
MOST_KEYS = 65_536
MOST_TENSORS = 100_000
LONGEST_NAME = 1_024
"""Bytes of a key or a tensor's name; ggml's own have at most 63."""
LONGEST_TEXT = 2**20
"""Bytes of a text that is kept; the longest template of a chat has 30,000."""
LONGEST_LIST = 4_096
"""Numbers of a list that is kept: one for each layer. Of longer ones, as of a vocabulary, the count is."""
DIMENSIONS = 8
"""Of a tensor; ggml has four."""
ALIGNMENT = 32
_SPLIT = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.ASCII)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of which only the length is kept: the strings of a vocabulary, or more numbers than layers."""

    count: int


class _Listed(NamedTuple):
    """A tensor as the list has it, the fastest dimension first."""

    name: str
    dimensions: tuple[int, ...]
    type: int
    offset: int


def read(file: Path, sizes: Mapping[str, int] | None = None) -> Stored:
    """What a file holds, with the others that it is split into. Raises Refusal where its header can't be read.

    `sizes` are the bytes of the files in its folder of which only headers are here.
    """
    first = _read_file(file, sizes)
    split = _SPLIT.fullmatch(file.name)
    count = first.metadata.get("split.count")
    if not isinstance(count, int) or count < 2:
        return first
    if split is None or int(split[3]) != count or count > 99_999:
        fault = f"{file.name} is one of {count:,} files, expected a name that ends in -00001-of-{count:05}.gguf; rename it"
        return replace(first, faults=(*first.faults, fault))
    return _joined(file, split[1], count, first, sizes)


def _joined(
    file: Path, stem: str, count: int, given: Stored, sizes: Mapping[str, int] | None
) -> Stored:
    names = [f"{stem}-{number:05}-of-{count:05}.gguf" for number in range(1, count + 1)]
    parts, faults, absent = [], [], []
    for name in names:
        if name == file.name:
            parts.append(given)
            continue
        beside = file.with_name(name)
        if not beside.exists():
            absent.append(name)
            continue
        try:
            parts.append(_read_file(beside, sizes))
        except Refusal as refusal:
            faults.append(str(refusal))
    if absent:
        shown = ", ".join(absent[:3]) + (" and others" if len(absent) > 3 else "")
        faults.insert(0, f"{counted(len(absent), 'file')} of {count:,} missing: {shown}; download")
        faults[0] += " it" if len(absent) == 1 else " them"
    tensors = [tensor for part in parts for tensor in part.tensors]
    stated = given.metadata.get("split.tensors.count")
    whole = len(parts) == count
    if whole and isinstance(stated, int) and stated != len(tensors):
        faults.append(
            f"the files list {len(tensors):,} tensors, expected {stated:,}, as they say; download them again"
        )
    keys = {key: value for part in reversed(parts) for key, value in part.metadata.items()}
    return Stored(
        place=file,
        format="GGUF",
        tensors=tuple(tensors),
        files={name: size for part in parts for name, size in part.files.items()},
        faults=(*faults, *(fault for part in parts for fault in part.faults)),
        metadata=keys,
    )


def _read_file(file: Path, sizes: Mapping[str, int] | None = None) -> Stored:
    size = (sizes or {}).get(file.name)
    if size is None:
        size = size_of(file, EXPECTED)
    try:
        with file.open("rb") as opened:
            return header(HeaderBytes(opened, file, size), file, size)
    except OSError as error:
        raise unreadable(file, EXPECTED, error) from None


def header(held: HeaderBytes, file: Path, size: int) -> Stored:
    """What the bytes of a header say of a file of so many bytes; they are read to its end. Raises Refusal as `read`."""
    version = _version(held, file, size)
    count, keys = held.number("Q"), held.number("Q")
    _expect_counts(file, count, keys)
    metadata = dict(_pairs(held, keys))
    listed = _listed(held, file, count)
    end = held.position
    alignment = metadata.get("general.alignment", ALIGNMENT)
    if type(alignment) is not int or not 0 < alignment <= 2**20 or alignment & (alignment - 1):
        raise Refusal(
            f"{file} has general.alignment {quoted(alignment)}, expected a power of two; check the file"
        )
    tensors = tuple(_tensor(file, one) for one in listed)
    start = -(-end // alignment) * alignment
    faults = [*_twice(file.name, listed), *_faults(file.name, listed, tensors, start, size)]
    return Stored(
        place=file,
        format="GGUF",
        tensors=tensors,
        files={file.name: size},
        faults=tuple(faults),
        metadata={**metadata, "version": version},
    )


def _version(held: HeaderBytes, file: Path, size: int) -> int:
    """The version of a file. Raises Refusal where it is none, or none that is read."""
    head = held.head(HEAD)
    if not head.startswith(b"GGUF"):
        kind = of_bytes(head)
        found = kind.is_a if kind else "empty" if not size else "no GGUF file by its first bytes"
        advice = kind.instead if kind and "Git LFS" in kind.is_a else "check the file"
        raise Refusal(f"{file} is {found}, expected {EXPECTED}; {advice}")
    held.skip(4)
    version: int = held.number("I")
    if version in VERSIONS:
        return version
    swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
    if swapped in VERSIONS:
        raise Refusal(
            f"{file} is a GGUF file of version {swapped} for big-endian machines, expected little-endian; "
            "convert it with llama.cpp's gguf_convert_endian.py"
        )
    raise Refusal(
        f"{file} is a GGUF file of version {version:,}, expected 2 or 3; "
        "make it anew with a llama.cpp of today"
    )


def _expect_counts(file: Path, tensors: int, keys: int) -> None:
    for count, most, noun in ((tensors, MOST_TENSORS, "tensor"), (keys, MOST_KEYS, "key")):
        if count > most:
            raise Refusal(
                f"{file} states {counted(count, noun)}, expected at most {most:,}; download it again"
            )


def _pairs(held: HeaderBytes, count: int) -> Iterator[tuple[str, Any]]:
    for _ in range(count):
        key = held.text(LONGEST_NAME, "a key")
        yield key, _value(held, held.number("I"), key)


def _value(held: HeaderBytes, kind: int, key: str) -> Any:
    if kind in NUMBERS:
        return held.number(NUMBERS[kind])
    if kind == STRING:
        return held.kept_text(LONGEST_TEXT)
    if kind != ARRAY:
        raise held.broken(f"the key {quoted(key)} of type {kind:,}", "one of GGUF's 13 types")
    of, count = held.number("I"), held.number("Q")
    if of in NUMBERS:
        numbers = held.kept_numbers(NUMBERS[of], count, LONGEST_LIST)
        return Many(count) if numbers is None else numbers
    if of != STRING:
        raise held.broken(f"a list of type {of:,} under {quoted(key)}", "numbers or texts")
    held.skip_texts(count)
    return Many(count)


def _listed(held: HeaderBytes, file: Path, count: int) -> list[_Listed]:
    held.expect(24 * count)
    listed = []
    for _ in range(count):
        name = held.text(LONGEST_NAME, "a tensor's name")
        dimensions = held.number("I")
        if dimensions > DIMENSIONS:
            raise held.broken(
                f"{counted(dimensions, 'dimension')} of {quoted(name)}", f"at most {DIMENSIONS}"
            )
        sizes = held.numbers("Q", dimensions)
        listed.append(_Listed(name, tuple(sizes), held.number("I"), held.number("Q")))
    return listed


def _tensor(file: Path, one: _Listed) -> StoredTensor:
    known = TYPES.get(one.type)
    if known is None:
        raise Refusal(
            f"{file} stores {quoted(one.name)} as type {one.type:,}, expected one of ggml's; "
            "it may be newer than this package"
        )
    row = one.dimensions[0] if one.dimensions else 1
    if row % known.elements:
        raise Refusal(
            f"{file} stores {quoted(one.name)} as {known.name} in rows of {row:,}, expected a multiple of "
            f"{known.elements}; download it again"
        )
    size = prod(one.dimensions) // known.elements * known.bytes
    return StoredTensor(one.name, known.name, tuple(reversed(one.dimensions)), size, file.name)


def _twice(file: str, listed: list[_Listed]) -> Iterator[str]:
    seen: set[str] = set()
    for one in listed:
        if one.name in seen:
            yield f"{file} lists {quoted(one.name)} twice; download it again"
            return
        seen.add(one.name)


def _faults(
    file: str, listed: list[_Listed], tensors: tuple[StoredTensor, ...], start: int, size: int
) -> Iterator[str]:
    """What the offsets of a file contradict: its end, or each other."""
    spans = sorted(
        (one.offset, one.offset + tensor.bytes, one.name)
        for one, tensor in zip(listed, tensors, strict=True)
    )
    end = 0
    for first, stop, name in spans:
        if first < end:
            yield (
                f"{file} gives {quoted(name)} bytes that another tensor has, from {first:,} on; "
                "download it again"
            )
            break
        end = stop
    last = max((stop for _, stop, _ in spans), default=0)
    if tensors and start + last > size:
        yield cut_in_data(file, size, start + last)
