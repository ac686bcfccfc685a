"""The header of a `.safetensors` file: 8 bytes of a length, a JSON object of tensors; the weights aren't read.

Format: https://github.com/huggingface/safetensors
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.sources.other_kinds import HEAD, of_bytes
from llm_gallery.sources.stored import (
    StoredTensor,
    cut_in_data,
    cut_in_header,
    size_of,
    unreadable,
)

LARGEST = 100_000_000
"""Bytes of a header, by the format."""
MOST_VALUES = 5_000_000
"""Values in a header: one of 400,000 tensors, more than any release has, holds 4 million."""
EXPECTED = "a checkpoint in safetensors"
DIMENSIONS = 64
LONGEST = 2**63
"""No size or offset is as large."""
BITS = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"), 8),
    **dict.fromkeys(("F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
    "F4": 4,
}
"""Of one element, by dtype."""


class Header(NamedTuple):
    """The tensors of one file, and what is wrong with it though its header can be read."""

    tensors: tuple[StoredTensor, ...]
    size: int
    faults: tuple[str, ...]


def read_header(file: Path, size: int | None = None) -> Header:
    """What a file holds, of which with a `size` only the header is here. Raises Refusal where that can't be read."""
    if size is None:
        size = size_of(file, EXPECTED)
    try:
        with file.open("rb") as opened:
            first = opened.read(8)
            length = int.from_bytes(first, "little")
            _expect_header(file, first + opened.read(HEAD - 8), length, size)
            opened.seek(8)
            text = opened.read(length)
    except OSError as error:
        raise unreadable(file, EXPECTED, error) from None
    twice: list[str] = []
    parsed = _parsed(file, text, twice)
    parsed.pop("__metadata__", None)
    spans: list[tuple[int, int, str]] = []
    tensors = []
    for name, entry in parsed.items():
        tensor, start = _tensor(file, name, entry)
        tensors.append(tensor)
        spans.append((start, start + tensor.bytes, name))
    faults = [f"{file.name} lists {quoted(name)} twice; download it again" for name in twice]
    faults += _faults(file.name, tensors, spans, size - 8 - length, size)
    return Header(tuple(tensors), size, tuple(faults))


def _expect_header(file: Path, head: bytes, length: int, size: int) -> None:
    """Raises Refusal where a file begins as none of this format does, or ends too soon."""
    if size == 0:
        raise Refusal(f"{file} is empty, expected {EXPECTED}; download it again")
    begins = head[8:9] == b"{"
    if not begins and (kind := of_bytes(head)) is not None:
        advice = f"; {kind.instead}" if "Git LFS" in kind.is_a else "; check the file"
        raise Refusal(f"{file} is {kind.is_a}, expected {EXPECTED}{advice}")
    if size < 8:
        raise cut_in_header(file, size, "at least 8")
    if (size > 8 and not begins) or length > LARGEST:
        raise Refusal(
            f"{file} states a header of {length:,} bytes, expected {EXPECTED}, whose header begins "
            f"with {{ and has at most {LARGEST:,}; check the file"
        )
    if size < 8 + length:
        raise cut_in_header(file, size, 8 + length)


def _parsed(file: Path, text: bytes, twice: list[str]) -> dict[str, Any]:
    """The object of a header; names that it holds twice are added to `twice`."""
    if sum(map(text.count, (b",", b"{", b"["))) > MOST_VALUES:
        raise Refusal(
            f"{file} has a header of more than {MOST_VALUES:,} values, expected one of tensors; "
            "check the file"
        )

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) < len(pairs):
            seen: set[str] = set()
            twice.extend(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        return held

    try:
        parsed = json.loads(text.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise Refusal(
            f"{file} has a header that is no JSON, expected one object of tensors; download it again"
        ) from None
    if not isinstance(parsed, dict):
        raise Refusal(
            f"{file} has a header that is no JSON object, expected one of tensors; download it again"
        )
    return parsed


def _tensor(file: Path, name: str, entry: object) -> tuple[StoredTensor, int]:
    """A tensor of a header, and its first byte in the data."""
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [start, end]} if (
            len(shape) <= DIMENSIONS
            and all(type(n) is int and 0 <= n < LONGEST for n in (*shape, start, end))
            and start <= end
        ):
            return StoredTensor(name, dtype, tuple(shape), end - start, file.name), start
    raise Refusal(
        f"{file} has a header whose entry {quoted(name)} is {quoted(entry)}, expected dtype, shape and "
        "data_offsets that rise; download it again"
    )


def _faults(
    file: str,
    tensors: list[StoredTensor],
    spans: list[tuple[int, int, str]],
    data: int,
    size: int,
) -> Iterator[str]:
    """What the offsets of a file contradict: its end, each other, or the shapes."""
    end = 0
    for start, stop, name in sorted(spans):
        if start < end:
            yield f"{file} gives {quoted(name)} bytes that another tensor has, from {start:,} on; download it again"
            break
        if start > end:
            yield f"{file} has {start - end:,} bytes before {quoted(name)} that are no tensor's; download it again"
            break
        end = stop
    last = max((stop for _, stop, _ in spans), default=0)
    if last > data:
        yield cut_in_data(file, size, size - data + last)
    elif last < data:
        yield f"{file} has {data - last:,} bytes after its last tensor, expected none; download it again"
    for tensor in tensors:
        bits = BITS.get(tensor.dtype)
        if bits is not None and (expected := -(-prod(tensor.shape) * bits // 8)) != tensor.bytes:
            shape = " × ".join(map(str, tensor.shape[:8]))
            yield (
                f"{file} gives {quoted(tensor.name)} {tensor.bytes:,} bytes, expected {expected:,} "
                f"for {shape} of {tensor.dtype}; download it again"
            )
            break
