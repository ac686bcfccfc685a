"""Sentences as lines of a terminal."""

from __future__ import annotations

from textwrap import wrap

WIDE = 100
"""Columns."""


def wrapped(text: str, before: str = "", hanging: int = 0) -> list[str]:
    """Lines of a sentence, the first after `before`, the others so far in; an address stays whole."""
    return wrap(
        text,
        WIDE,
        initial_indent=before,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
