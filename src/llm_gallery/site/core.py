"""The part of this package that runs in a reader's browser, as one archive; with the catalog's entries."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from llm_gallery.catalog.ablation import ABLATIONS
from llm_gallery.catalog.load import MODELS
from llm_gallery.lessons.lesson import LESSON

PACKAGE = "llm-architecture-gallery"
ELSEWHERE = ("census", "cli", "lessons", "server", "site")
"""Rooms that nobody imports to describe a config."""
ENDINGS = (".json", ".py", ".toml", ".woff2")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The archive holds no clock: the same files give the same bytes."""


def core(catalog: Path) -> bytes:
    """A zip that Python imports from; its `llm_gallery/catalog/models` are the entries of the catalog."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        files = ((name, path.read_bytes()) for name, path in (*_modules(), *_entries(catalog)))
        for name, data in sorted((*files, _metadata())):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _metadata() -> tuple[str, bytes]:
    """The package's name and version, which a card names."""
    number = version(PACKAGE)
    lines = f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: {number}\n"
    return f"{PACKAGE.replace('-', '_')}-{number}.dist-info/METADATA", lines.encode()


def _modules() -> Iterator[tuple[str, Path]]:
    here = Path(__file__).parents[1]
    for path in here.rglob("*"):
        inside = path.relative_to(here)
        if (
            path.suffix in ENDINGS
            and inside.parts[0] not in ELSEWHERE
            and not path.is_relative_to(MODELS)
            and path.name not in (LESSON, ABLATIONS)
        ):
            yield f"llm_gallery/{inside.as_posix()}", path


def _entries(catalog: Path) -> Iterator[tuple[str, Path]]:
    for path in catalog.glob("*.toml"):
        yield f"llm_gallery/catalog/models/{path.name}", path
