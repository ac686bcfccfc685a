"""Which family describes itself with the blocks of which other: descent that the families' imports state."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from llm_gallery import families

_IMPORT = re.compile(rf"^from {re.escape(families.__name__)}\.(?!_)(\w+) import ", re.MULTILINE)
"""A module's first words of an import from a family; from a helper, whose name begins with _, it isn't one."""


@cache
def inherits(model_type: str) -> frozenset[str]:
    """The families whose blocks or keys a family takes over, read from its module; helpers don't count."""
    file = Path(families.__file__).parent / f"{model_type}.py"
    if not model_type.isidentifier() or not file.is_file():
        return frozenset()
    return frozenset(_IMPORT.findall(file.read_text("utf-8")))


def related(family: str, other: str) -> bool:
    """Whether two families are one, or one takes blocks from the other.

    A family and its `_text` are one: the former only adds towers. Llama doesn't count: its parts are
    where most families begin.
    """
    first, second = base_type(family), base_type(other)
    return first == second or second in _taken(first) or first in _taken(second)


@cache
def _taken(family: str) -> frozenset[str]:
    names = {base_type(name) for name in (*inherits(family), *inherits(f"{family}_text"))}
    return frozenset(names - {"llama"})


def base_type(model_type: str) -> str:
    """The name of a family without the suffix that says that its towers are left out."""
    return model_type.removesuffix("_text")
