"""LLM Architecture Gallery: figures and exact numbers derived from a model's own config.json.

from llm_gallery import describe, facts, figure
figure("qwen3-next-80b-a3b")  # a notebook shows it; .save("figure.pdf") writes SVG, PNG or PDF
facts(describe("path/to/config.json"))["parameters"]["total"]
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False  # `typing` would cost half of the import
if TYPE_CHECKING:
    from llm_gallery.api import (
        Refusal,
        catalog,
        code,
        compare,
        describe,
        difference,
        explain,
        facts,
        figure,
        lineage,
        miniature,
        nearest,
        run,
        sheet,
        tensors,
    )

__all__ = [
    "Refusal",
    "catalog",
    "code",
    "compare",
    "describe",
    "difference",
    "explain",
    "facts",
    "figure",
    "lineage",
    "miniature",
    "nearest",
    "run",
    "sheet",
    "tensors",
]


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """Loads a public name when it is asked for: `import llm_gallery` costs nothing.

    Properties, not `__getattr__`: four names are those of rooms, and importing a room sets an
    attribute of the package, which is let fall here. `from llm_gallery.figure import ...` goes on.
    """


def _public(name: str) -> property:
    return property(lambda _: getattr(import_module("llm_gallery.api"), name), lambda *_: None)


for _name in __all__:
    setattr(_Package, _name, _public(_name))
sys.modules[__name__].__class__ = _Package
