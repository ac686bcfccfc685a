"""Where a figure is from: said in it, or in the first line of its file."""

from __future__ import annotations

from functools import cache

GALLERY = "LLM Architecture Gallery"


def origin(place: str = GALLERY) -> str:
    """The gallery or the site that a figure is from, and the version that drew it."""
    return f"{place} {_version()}"


@cache
def _version() -> str:
    from importlib.metadata import version  # which loads what reads mail

    return version("llm-architecture-gallery")
