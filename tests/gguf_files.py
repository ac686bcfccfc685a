"""GGUF files, written as the format's specification says, with a hole for the weights."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

Tensors = Mapping[str, tuple[int, tuple[int, ...], int]]
"""Type, rows first, and bytes, by name."""


def text(value: str) -> bytes:
    """A string with its length."""
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(held: Any) -> bytes:
    """A value after the number of its type."""
    match held:
        case bool():
            return struct.pack("<I?", 7, held)
        case int():
            return struct.pack("<Iq", 11, held)
        case float():
            return struct.pack("<If", 6, held)
        case str():
            return struct.pack("<I", 8) + text(held)
        case [str(), *_]:
            return struct.pack("<IIQ", 9, 8, len(held)) + b"".join(map(text, held))
    return struct.pack(f"<IIQ{len(held)}i", 9, 5, len(held), *held)


def header(keys: Mapping[str, Any], tensors: Tensors, version: int = 3) -> bytes:
    """Everything before the weights, without padding."""
    parts = [b"GGUF", struct.pack("<IQQ", version, len(tensors), len(keys))]
    parts += [text(key) + value(held) for key, held in keys.items()]
    offset = 0
    for name, (kind, shape, size) in tensors.items():
        parts.append(text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape)))
        parts.append(struct.pack("<IQ", kind, offset))
        offset += -(-size // 32) * 32
    return b"".join(parts)


def write(file: Path, keys: Mapping[str, Any], tensors: Tensors, version: int = 3) -> Path:
    """A whole file."""
    head = header(keys, tensors, version)
    sizes = sum(-(-size // 32) * 32 for _, _, size in tensors.values())
    with file.open("wb") as opened:
        opened.write(head)
        opened.truncate(-(-len(head) // 32) * 32 + sizes)
    return file


def half(*shape: int) -> tuple[int, tuple[int, ...], int]:
    """A tensor in 16 bits."""
    return 1, shape, 2 * prod(shape)
