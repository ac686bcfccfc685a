"""The package's own catalog is read and described once a process: thousands of tests ask for one of its models."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog import entry_file, load
from llm_gallery.catalog.entry import Entry

Found = TypeVar("Found")


def cache_catalog() -> None:
    """Makes `find`, `entries` and `models` keep what they found in the package's catalog; files elsewhere may change."""
    patch = pytest.MonkeyPatch()
    patch.setattr(load, "files", FILES)
    patch.setattr(load, "_entry", _cached_of(load._entry, lambda file: file.parent))
    patch.setattr(load, "architecture", _architecture(load.architecture))


def fresh_model(model: str) -> load.Model:
    """A model of the package's catalog with a tree that nobody has asked anything yet."""
    return load._of_file(load.MODELS / f"{model}.toml")


def _cached_of(
    make: Callable[[Path], Found], folder: Callable[[Path], Path]
) -> Callable[[Path], Found]:
    """The same function, which makes once what is of that folder."""
    kept = cache(make)
    return lambda place: kept(place) if folder(place) == load.MODELS else make(place)


def _architecture(make: Callable[[Entry], Architecture]) -> Callable[[Entry], Architecture]:
    """That of an entry that was kept is the model's own: one tree, which keeps the answers about itself."""

    def made(entry: Entry) -> Architecture:
        file = load.MODELS / f"{entry.id}.toml"
        own = file in FILES(load.MODELS) and load._entry(file) is entry
        return load._from_catalog(file).architecture if own else make(entry)

    return made


FILES = _cached_of(entry_file.files, lambda folder: folder)
