"""The families by name: one function in the file of that name, and no other registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from llm_gallery.architecture.block import Block

Family = Callable[..., Block]


@cache
def names() -> tuple[str, ...]:
    """Every model_type that is described, in alphabetical order."""
    here = Path(__file__).parent
    return tuple(sorted(p.stem for p in here.glob("*.py") if not p.stem.startswith("_")))


def module_name(model_type: str) -> str:
    """The file that a model_type is described in: openai-gpt and Motif are no names of modules."""
    return model_type.replace("-", "_").lower()


@cache
def function(name: str) -> Family:
    """The function of `families/<name>.py` that has the file's name."""
    family: Family = getattr(import_module(f"llm_gallery.families.{name}"), name)
    assert list(inspect.signature(family).parameters) == ["c"]
    return family


@cache
def keys(name: str) -> Any:
    """The dataclass of the keys that a family reads."""
    return get_type_hints(function(name))["c"]
