"""What is kept between two tokens and doesn't grow: bytes by dtype, and states that each token passes over."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms._mechanism import Kept

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


def state_bytes(block: Block, elements: int) -> int:
    """Bytes of a recurrent state in its own dtype. Raises Refusal for one that isn't known."""
    dtype = str(block.value("state_dtype"))
    if dtype not in BITS:
        raise Refusal(f"the state dtype is {dtype[:20]!r}, expected one of {', '.join(BITS)}")
    return bytes_of(elements, dtype)


def state(*facts: str) -> Callable[[Block], Kept]:
    """Keeps a state of as many elements as its facts multiply to."""
    return lambda block: Kept(constant=state_bytes(block, prod(map(block.number, facts))))


def passes(times: int, *facts: str) -> Callable[[Block, int], int]:
    """Passes so often over such a state."""
    return lambda block, position: times * prod(map(block.number, facts))
