"""LLM Architecture Gallery: figures and exact numbers derived from a model's own config.json.

from llm_gallery import describe, facts, figure
figure("qwen3-next-80b-a3b")  # a notebook shows it; .save("figure.pdf") writes SVG, PNG, PDF, TikZ or Excalidraw
facts(describe("path/to/config.json"))["parameters"]["total"]

`given`, and each of `models`, is a catalog id, name or repository in any case; a path to a config.json or its folder; a
Hub id; a parsed config; or a described model. With `guess`, a config of unknown type is described as the family whose
keys fit best, and assumptions are marked. `theme` is light, dark or print. Counts are integers and exact.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False  # `typing` would cost half of the import
if TYPE_CHECKING:
    from llm_gallery.api import describe as describe
    from llm_gallery.api import miniature as miniature
    from llm_gallery.api import run as run
    from llm_gallery.api import tensors as tensors
    from llm_gallery.architecture.refusal import Refusal as Refusal
    from llm_gallery.catalog.check import check as check
    from llm_gallery.catalog.comparisons import compare as compare
    from llm_gallery.catalog.descent import lineage as lineage
    from llm_gallery.catalog.explanations import explain as explain
    from llm_gallery.catalog.figures import difference as difference
    from llm_gallery.catalog.figures import figure as figure
    from llm_gallery.catalog.figures import sheet as sheet
    from llm_gallery.catalog.fit import fit as fit
    from llm_gallery.catalog.listing import catalog as catalog
    from llm_gallery.catalog.model_code import code as code
    from llm_gallery.catalog.model_facts import facts as facts
    from llm_gallery.catalog.nearest import nearest as nearest
    from llm_gallery.catalog.quants import quants as quants

_HOMES = {
    "Refusal": "architecture.refusal",
    "catalog": "catalog.listing",
    "check": "catalog.check",
    "code": "catalog.model_code",
    "compare": "catalog.comparisons",
    "describe": "api",
    "difference": "catalog.figures",
    "explain": "catalog.explanations",
    "facts": "catalog.model_facts",
    "figure": "catalog.figures",
    "fit": "catalog.fit",
    "lineage": "catalog.descent",
    "miniature": "api",
    "nearest": "catalog.nearest",
    "quants": "catalog.quants",
    "run": "api",
    "sheet": "catalog.figures",
    "tensors": "api",
}
"""Each public name, and the module that makes it: a name imports what it needs, and nothing for the others."""
__all__ = [*_HOMES]


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """Loads a public name when it is asked for: `import llm_gallery` costs nothing.

    Properties, not `__getattr__`: five names are those of rooms, and importing a room sets an
    attribute of the package, which is let fall here. `from llm_gallery.figure import ...` goes on.
    """


def _public(name: str) -> property:
    home = f"{__name__}.{_HOMES[name]}"
    return property(lambda _: getattr(import_module(home), name), lambda *_: None)


for _name in _HOMES:
    setattr(_Package, _name, _public(_name))
sys.modules[__name__].__class__ = _Package
