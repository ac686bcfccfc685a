"""What a checkpoint stores, in one form for all formats: tensors by name, and what is wrong with their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from llm_gallery.architecture.refusal import Refusal, reason


class StoredTensor(NamedTuple):
    """One tensor as a header lists it."""

    name: str
    dtype: str  # as the format calls it: "BF16", "F8_E4M3", "Q4_K"
    shape: tuple[int, ...]  # rows first, whatever the format's order is
    bytes: int
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The headers of a checkpoint's files; no weight is read."""

    place: Path
    format: Literal["safetensors", "GGUF"]
    tensors: tuple[StoredTensor, ...]
    files: Mapping[str, int]  # bytes of each
    faults: tuple[str, ...] = ()  # what is wrong with the files, whatever model they are of
    beside: tuple[str, ...] = ()  # files of weights that lie there and aren't part of it
    metadata: Mapping[str, Any] = field(default_factory=dict)  # the keys of a GGUF


def size_of(file: Path, expected: str) -> int:
    """The bytes of a regular file. Raises Refusal where there is none."""
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal(f"{file} doesn't exist, expected {expected}; check the path") from None
    except (OSError, ValueError) as error:
        raise unreadable(file, expected, error) from None
    if not file.is_file():
        raise Refusal(f"{file} is no regular file, expected {expected}; check the path")
    return status.st_size


def unreadable(file: Path, expected: str, error: Exception) -> Refusal:
    """The refusal of a file that the system doesn't give."""
    return Refusal(
        f"{file} can't be read ({reason(error).lower()}), expected {expected}; "
        "check the path and its permissions"
    )


def cut_in_header(file: Path, held: int, expected: int | str) -> Refusal:
    """The refusal of a file that ends before its header does."""
    wanted = f"{expected:,}" if isinstance(expected, int) else expected
    return Refusal(
        f"{file} ends in its header, after {held:,} bytes, expected {wanted}; download it again"
    )


def cut_in_data(file: str, held: int, expected: int) -> str:
    """The fault of a file that ends before its weights do."""
    return f"{file} ends after {held:,} bytes, expected {expected:,}; download it again"
