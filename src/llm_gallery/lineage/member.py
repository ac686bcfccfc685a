"""A model of the family tree: an architecture with the date and the house that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from llm_gallery.architecture.block import Architecture
from llm_gallery.comparison import Portrait, portrait


@dataclass(frozen=True, kw_only=True)
class Member:
    """What lineage needs to know of a model; comparison accepts it as it is."""

    id: str
    name: str
    organization: str
    released: date
    architecture: Architecture
    repository: str = ""  # by which claims name it

    @cached_property
    def portrait(self) -> Portrait:
        """What it is compared by, made once: every later model is compared with it."""
        return portrait(self)
