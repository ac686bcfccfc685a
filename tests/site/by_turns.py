"""Pages, each looked at by two visitors: by both where most can be pressed, else by one or the other in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from _pytest.mark import ParameterSet

BOTH = {
    "index.html",
    "models/qwen3-next-80b-a3b/index.html",
    "describe/index.html",
}
"""The pages that have most to press."""
Visitor = Mapping[str, object]


def by_turns(pages: Sequence[object], visitors: Sequence[Visitor]) -> list[ParameterSet]:
    """A page and a visitor each time; the visitors that a page has to wait for are left to `make every`."""
    return [
        pytest.param(
            page,
            visitor,
            marks=() if page in BOTH or turn == number % len(visitors) else pytest.mark.every,
        )
        for number, page in enumerate(pages)
        for turn, visitor in enumerate(visitors)
    ]


def named(value: object) -> str:
    """A page's path, what stands first of what is asked, or what a visitor has of its own."""
    if isinstance(value, Mapping):
        return "-".join(map(str, value.values()))
    return str(value[0] if isinstance(value, tuple) else value)
