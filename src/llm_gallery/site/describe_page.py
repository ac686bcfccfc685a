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
from llm_gallery.sources.hub import HOST

RUNTIME = (
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip",
    "pyodide/pyodide.asm.js",
)
CORE = "core.zip"
WORK = "describe"
"""The work of pages that load it."""
EXAMPLES = 3
"""To begin with: the newest model of so many kinds."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, the archive of Python that it loads, and each model's config."""
    yield Document(
        "describe/index.html",
        "describe.html",
        partial(_values, site),
        work=WORK,
        fetches=HOST if site.hosting.hub else "",
    )
    yield Page(f"static/{CORE}", partial(_archive, site.catalog), work=WORK)
    for shown in site.models:
        yield Page(f"describe/configs/{shown.id}.json", partial(_config, shown))


def parts(site: Site) -> list[tuple[str, int]]:
    """What Python in a page is loaded from: files below `static`, and their bytes."""
    here = files("llm_gallery.site").joinpath("static")
    runtime = [(name, len(here.joinpath(name).read_bytes())) for name in RUNTIME]
    return [*runtime, (CORE, len(_archive(site.catalog)))]


def _values(site: Site) -> Mapping[str, Any]:
    loaded = parts(site)
    return {
        "parts": json.dumps(loaded),
        "rooms": json.dumps(ROOMS),
        "megabytes": round(sum(size for _, size in loaded) / 1e6),
        "hub": site.hosting.hub,
        "examples": [
            {"id": shown.id, "name": shown.model.name, "card": shown.drawing("card")}
            for shown in _of_many_kinds(site)
        ],
        "models": sorted(
            ((shown.id, shown.model.name) for shown in site.models),
            key=lambda model: model[1].lower(),
        ),
    }


def _of_many_kinds(site: Site) -> list[Shown]:
    """The newest model of each kind, as far as there is room."""
    newest: dict[tuple[str, ...], Shown] = {}
    for shown in site.models:
        newest.setdefault(shown.exhibit.facets["kind"], shown)
    return [*newest.values()][:EXAMPLES]


@cache
def _archive(catalog: Path) -> bytes:
    return core(catalog)


def _config(shown: Shown) -> bytes:
    """The keys that the catalog keeps of a model's config."""
    return json.dumps(shown.exhibit.entry.config, ensure_ascii=False, indent=2).encode() + b"\n"
