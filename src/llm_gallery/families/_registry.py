"""The families by name: one function in the file of that name, and no other registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import expect_names

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
    """The function of `families/<name>.py` that has the file's name. Raises Mistake where there is none."""
    module, where = import_module(f"llm_gallery.families.{name}"), f"families/{name}.py: "
    if not hasattr(module, name):
        own = [key for key, one in vars(module).items() if inspect.isfunction(one)]
        expect_names([name], own, "the family", "a function of the file's name", where)
    found: Family = getattr(module, name)
    expect_names(inspect.signature(found).parameters, ["c"], "the family's argument", "c", where)
    return found


@cache
def keys(name: str) -> Any:
    """The dataclass of the keys that a family reads. Raises Mistake where it is of no family."""
    found = get_type_hints(function(name))["c"]
    model_type = module_name(found.model_type)
    expect_names([model_type], names(), "model_type", "a family's name", f"families/{name}.py: ")
    return found


@cache
def rules(read: type, rule: str) -> tuple[Callable[..., None], ...]:
    """What the files have by that name in which keys stand that a family reads; its own file's is the last."""
    modules = dict.fromkeys(made.__module__ for made in reversed(read.__mro__))
    found = (vars(import_module(module)).get(rule) for module in modules)
    return tuple(one for one in found if one is not None)
