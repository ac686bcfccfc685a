"""The catalog's models as comparison sees them, each described once, the earliest release first."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from llm_gallery.catalog.load import MODELS, entries, find
from llm_gallery.comparison import Profile, profile
from llm_gallery.lineage.gallery import Gallery, gallery


@cache
def catalog_gallery(catalog: Path = MODELS) -> Gallery:
    """All of them by design."""
    return gallery(map(described, files(catalog)))


@cache
def described(file: Path) -> Profile:
    """The profile of an entry."""
    return profile(find(file.stem, file.parent))


@cache
def files(catalog: Path = MODELS) -> tuple[Path, ...]:
    """The entries of a catalog, the earliest release first."""
    known = sorted(entries(catalog), key=lambda entry: (entry.released, entry.id))
    return tuple(catalog / f"{entry.id}.toml" for entry in known)
