"""The page where a reader pastes a config: what it loads, and the configs that it can start from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.core import core
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import ROOMS

RUNTIME = (
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip",
    "pyodide/pyodide.asm.js",
)
CORE = "core.zip"
EXAMPLES = 6
"""Of the newest models, to begin with."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, the archive of Python that it loads, and each model's config."""
    yield Document("describe/index.html", "describe.html", partial(_values, site), work="describe")
    yield Page(f"static/{CORE}", partial(_archive, site.catalog), work="describe")
    for shown in site.models:
        yield Page(f"describe/configs/{shown.id}.json", partial(_config, shown))


def _values(site: Site) -> Mapping[str, Any]:
    here = files("llm_gallery.site").joinpath("static")
    parts = [(name, len(here.joinpath(name).read_bytes())) for name in RUNTIME]
    parts.append((CORE, len(_archive(site.catalog))))
    return {
        "parts": json.dumps(parts),
        "rooms": json.dumps(ROOMS),
        "megabytes": round(sum(size for _, size in parts) / 1e6),
        "examples": [(shown.id, shown.model.name) for shown in site.models[:EXAMPLES]],
        "models": sorted(
            ((shown.id, shown.model.name) for shown in site.models),
            key=lambda model: model[1].lower(),
        ),
    }


@cache
def _archive(catalog: Path) -> bytes:
    return core(catalog)


def _config(shown: Shown) -> bytes:
    """The keys that the catalog keeps of a model's config."""
    return json.dumps(shown.exhibit.entry.config, ensure_ascii=False, indent=2).encode() + b"\n"
