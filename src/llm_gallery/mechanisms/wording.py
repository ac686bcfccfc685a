"""Words that depend on a block's facts."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

from llm_gallery.architecture.block import Block

Words = str | Callable[[Block], str]
"""Words, or what gives them for a block whose facts are part of them: "sliding-window GQA"."""


def words_for(words: Words, block: Block) -> str:
    """The words for this block."""
    return words if isinstance(words, str) else words(block)


def root(size: int) -> str:
    """The square root as a formula has it: "16", or "√168" where it isn't whole."""
    whole = isqrt(size)
    return f"{whole:,}" if whole * whole == size else f"√{size:,}"
