"""How each mechanism runs: one module a kind, which imports numpy and whose source a printed file is made of."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec


@cache
def runs(kind: str) -> bool:
    """Whether a kind has a forward."""
    return find_spec(f"{__name__}.{kind}") is not None
