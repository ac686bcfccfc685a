"""How far a model stands from an earlier one, in design changes, and as kinship changes that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from llm_gallery.comparison import Difference
from llm_gallery.lineage.evidence import MEASURED, Evidence, family
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import related

HOUSE_SHARE, HOUSE, CODE = 0.6, 0.35, 0.9
"""Kinship brings an ancestor nearer: the same house to 0.6 of the distance less 0.35, the same code by 0.9."""
FADING, AGE, YEAR = 0.25, 0.1, 365.25
"""The first year of age adds 0.1; each later one takes a quarter from what the same house is worth."""
SECOND_HAND = 0.25
"""A design that another house merely resized stands this much farther than the one it was taken from."""
FRESH_DAYS = 60
"""What another house released less than 60 days ago is no ancestor, unless somebody says so or it is the same design."""
SIBLING, SIBLING_FARTHEST = 0.6, 4.0
"""A model of the same release stands this much farther, and counts only this near."""
FARTHEST = 8.0
"""A model that is less near than this to all earlier ones begins a line of its own; nor is a series evidence from there."""


def distance(difference: Difference) -> float:
    """How far two models stand apart: the sum of the weights of all changes; symmetric."""
    return round(sum(change.weight for change in difference.changes), 3)


@dataclass(frozen=True)
class Step:
    """An older and a newer model, and what it takes to get from one to the other."""

    parent: Member
    child: Member
    difference: Difference
    second_hand: bool = False  # the older one is itself a resized copy of another house's model
    evidence: Evidence = MEASURED
    sibling: bool = False  # whether both are of one release
    elder: Member | None = (
        None  # of a sibling's ancestor the sibling, with which the newer one has it
    )

    def __repr__(self) -> str:
        return f"<Step from {self.parent.name} to {self.child.name}>"

    @cached_property
    def distance(self) -> float:
        """How far they stand apart, whoever made them and when."""
        return distance(self.difference)

    @property
    def copy(self) -> str:
        """ "exact" where nothing changed, "scale" where only sizes and settings did, else ""."""
        if not self.difference.changes:
            return "exact"
        return "" if self.difference.causes else "scale"

    @cached_property
    def same_house(self) -> bool:
        """Whether one organization made both."""
        return self.child.house == self.parent.house

    @cached_property
    def same_code(self) -> bool:
        """Whether the newer family is the older one, or takes its blocks over."""
        return related(family(self.child), family(self.parent))

    @cached_property
    def first_hand(self) -> float:
        """The distance as kinship shortens it; the least decides."""
        sibling = SIBLING if self.sibling and not self.copy else 0.0
        return round(self._shortened(self.distance) + sibling, 3)

    @cached_property
    def least(self) -> float:
        """A lower bound of `first_hand`, found without a look at the layers."""
        return round(self._shortened(self.difference.least_weight), 3)

    @property
    def copy_at_best(self) -> bool:
        """Whether the lower bound allows that the newer model is a copy."""
        return self.difference.may_lack_causes

    def _shortened(self, distance: float) -> float:
        days = (self.child.released - self.parent.released).days
        near = distance + AGE * min(1.0, days / YEAR)
        if self.same_house:
            share = min(1.0, HOUSE_SHARE + FADING * max(0.0, days / YEAR - 1))
            near = near * share - HOUSE
        return near - CODE if self.same_code else near

    @property
    def nearness(self) -> float:
        """The same, a little farther where the older model only resized another house's design."""
        return round(self.first_hand + SECOND_HAND * self.second_hand, 3)

    @property
    def possible(self) -> bool:
        """Whether the older can be an ancestor, or what came out with it: near enough, and early enough."""
        if self.sibling and not self.copy:
            return self.distance <= SIBLING_FARTHEST
        return self.early and self.first_hand <= FARTHEST

    @property
    def early(self) -> bool:
        """Whether the older came early enough to be taken over."""
        days = (self.child.released - self.parent.released).days
        if not self.same_house and days < FRESH_DAYS:
            return self.difference.may_be_empty and self.copy == "exact"
        return True
