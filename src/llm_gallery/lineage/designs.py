"""Models by design: what differs in sizes and settings alone, or in nothing, counts once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from llm_gallery.analysis.concepts import concepts
from llm_gallery.comparison.fingerprint import design as fingerprint
from llm_gallery.lineage.ancestors import chronological
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.sizes import quarter


@dataclass(frozen=True)
class Design:
    """Models without a cause between them, oldest first; the first one brought the design."""

    models: tuple[Member, ...]

    @property
    def first(self) -> Member:
        """The model that had it first."""
        return self.models[0]

    @property
    def released(self) -> date:
        """When it came."""
        return self.first.released

    @property
    def organization(self) -> str:
        """Who brought it."""
        return self.first.house

    @property
    def quarter(self) -> str:
        """When it came, as "2025-Q1"."""
        return quarter(self.released)

    @cached_property
    def concepts(self) -> frozenset[str]:
        """What its first model shows; a copy may differ in what follows from a setting alone, such as two rotary bases."""
        return frozenset(concepts(self.first.architecture.root))

    @cached_property
    def holders(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """Of each model who made it, its quarter and its concepts: a copy's maker has them, too."""
        return tuple(
            (model.house, quarter(model.released), frozenset(model.concepts))
            for model in self.models
        )


def designs(members: Sequence[Member]) -> tuple[Design, ...]:
    """The designs of these models, oldest first; within a day as the family tree has them, the largest first."""
    by_design: dict[str, list[Member]] = {}
    for member in chronological(members):
        by_design.setdefault(fingerprint(member.profile), []).append(member)
    return tuple(Design(tuple(models)) for models in by_design.values())
