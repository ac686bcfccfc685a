"""How each mechanism runs: one module a kind, which imports numpy and is imported when something runs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from llm_gallery.architecture.refusal import Refusal


@cache
def module(kind: str) -> ModuleType:
    """The module of a kind. Raises Refusal where nobody has written it."""
    if not runs(kind):
        raise Refusal(
            f"can't run yet: {kind.replace('_', ' ')} has no forward; "
            f"write mechanisms/forward/{kind}.py"
        )
    return import_module(f"{__name__}.{kind}")


@cache
def runs(kind: str) -> bool:
    """Whether a kind has a forward."""
    return find_spec(f"{__name__}.{kind}") is not None
