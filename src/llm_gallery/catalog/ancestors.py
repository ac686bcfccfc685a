"""The nearest ancestor of each model of the catalog: what is new in a model is what that one lacks."""

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
    """An earlier model by its id, and what the descent from it rests on."""

    id: str
    kind: Kind


@cache
def ancestors() -> Mapping[str, Ancestor]:
    """The ancestor by the model's id; a model where a line begins isn't there."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {model: Ancestor(parent, cast("Kind", kind)) for model, (parent, kind) in rows.items()}
