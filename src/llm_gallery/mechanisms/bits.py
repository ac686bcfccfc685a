"""Bits of numbers, and what so many of them take."""

from __future__ import annotations

BITS = {
    "int64": 64,
    "fp32": 32,
    "float32": 32,
    "bf16": 16,
    "bfloat16": 16,
    "fp16": 16,
    "float16": 16,
    "fp8": 8,
    "int8": 8,
    "int4": 4,
}
"""Bits of one element, by the dtype's name in configs and on the command line."""


def bytes_of(elements: int, dtype: str) -> int:
    """Whole bytes that so many elements take."""
    return -(-elements * BITS[dtype] // 8)
