"""A model of the family tree: an architecture with the date and the house that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Architecture
from llm_gallery.comparison import Difference, Profile, profile

RENAMED = {"Zhipu AI": "Z.ai"}
"""Organizations that go by another name now."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """What lineage needs to know of a model; comparison accepts it as it is."""

    id: str
    name: str
    organization: str
    released: date
    architecture: Architecture
    repository: str = ""  # by which claims name it
    _since: dict[str, Difference] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Member {self.id}: {self.name}, {self.organization}, {self.released}>"

    @property
    def listed(self) -> bool:
        """A member is a catalog's."""
        return True

    @property
    def house(self) -> str:
        """The organization, by the name that it has now."""
        return RENAMED.get(self.organization, self.organization)

    @cached_property
    def profile(self) -> Profile:
        """What it is compared by, made once: every later model is compared with it."""
        return profile(self)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """Ids of what its tree shows, sorted (docs/concepts.md)."""
        return concepts(self.architecture.root)

    def since(self, earlier: Member) -> Difference:
        """What changed from an earlier model, found once: the tree and pages ask again."""
        if earlier.id not in self._since:
            self._since[earlier.id] = Difference(earlier.profile, self.profile)
        return self._since[earlier.id]

    def once_since(self, earlier: Member) -> Difference:
        """The same, not kept: for callers that ask once about very many pairs."""
        return self._since.get(earlier.id) or Difference(earlier.profile, self.profile)
