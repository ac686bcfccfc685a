"""The nearest ancestor of each model of the catalog, and its sibling: what is new in a model is what the ancestor lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from llm_gallery.lineage import Kind

FILE = Path(__file__).parent / "ancestors.toml"


class Ancestor(NamedTuple):
    """An earlier model by its id, what the descent from it rests on, and the elder sibling that has it in common."""

    id: str
    kind: Kind
    elder: str = ""


@cache
def ancestors() -> Mapping[str, Ancestor]:
    """The ancestor by the model's id; a model where a line begins isn't there."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {model: Ancestor(row[0], cast("Kind", row[1]), *row[2:]) for model, row in rows.items()}


@cache
def siblings() -> Mapping[str, tuple[str, ...]]:
    """By the model's id those that came out with it and have its ancestor; a model that has none isn't there."""
    groups: dict[str, list[str]] = {}
    for model in ancestors():
        first = model
        while ancestors()[first].elder:
            first = ancestors()[first].elder
        groups.setdefault(first, []).append(model)
    return {
        model: tuple(sibling for sibling in group if sibling != model)
        for group in groups.values()
        if len(group) > 1
        for model in group
    }
