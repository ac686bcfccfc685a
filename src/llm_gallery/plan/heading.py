"""The heading of a figure: what the catalog knows of a model beyond its config."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from llm_gallery.analysis.alternation import Alternation
from llm_gallery.architecture.block import Architecture


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A name, and who made the model, when, and what is particular about it."""

    name: str
    id: str = ""  # the catalog's
    organization: str = ""
    released: date | None = None
    summary: str = ""
    ancestor: str = ""  # the name of the nearest earlier model, as measured
    hero: str = ""  # a kind or a concept that leads the figure, where that isn't what ranks first
    inherited: frozenset[str] | None = None  # its concepts; None where none is known
    alternation: Alternation | None = None  # how its layers take turns; None where none is known

    @property
    def line(self) -> str:
        """The name on one line."""
        return " ".join(self.name.split()) or "Unnamed model"

    @property
    def maker(self) -> str:
        """The organization on one line."""
        return " ".join(self.organization.split())

    @property
    def month(self) -> str:
        """ "September 2025", or nothing."""
        return (
            ""
            if self.released is None
            else f"{MONTHS[self.released.month - 1]} {self.released.year}"
        )


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)

Models = Sequence[tuple[Architecture, Heading]]
"""Models for one figure, each with its heading."""
