"""The nearest measured ancestor of each model of the catalog: what is new in a model is what that one lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "ancestors.toml"


@cache
def ancestors() -> Mapping[str, str]:
    """The ancestor's id by the model's; a model where a line begins isn't there."""
    return tomllib.loads(FILE.read_text("utf-8"))
