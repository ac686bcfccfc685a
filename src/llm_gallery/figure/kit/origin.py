"""Where a figure is from: said in it, or in the first line of its file."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version


@cache
def origin() -> str:
    """The gallery and its version."""
    return f"LLM Architecture Gallery {version('llm-architecture-gallery')}"
