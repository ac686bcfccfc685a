"""How far a model stands from each earlier one, in design changes; the nearest are its measured ancestors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from llm_gallery.comparison import Difference, Portrait, portrait
from llm_gallery.lineage.inheritance import related
from llm_gallery.lineage.member import Member

HOUSE_SHARE, HOUSE, CODE = 0.6, 0.35, 0.9
"""Kinship brings an ancestor nearer: the same house to 0.6 of the distance less 0.35, the same code by 0.9."""
FADING, AGE = 0.25, 0.1
"""The first year of age adds 0.1; each later one takes a quarter from what the same house is worth."""
SECOND_HAND = 0.25
"""A design that another house merely resized stands this much farther than the one it was taken from."""
SAME_DAY, SAME_DAY_FARTHEST = 0.6, 1.5
"""A sister of the same day stands this much farther, and counts only within one house and this near."""
FARTHEST = 8.0
"""Beyond this, a model begins a line of its own."""
MOST, MARGIN = 3, 1.0
"""Ancestors that are named: the nearest, and up to two that are nearly as near."""


@dataclass(frozen=True)
class Step:
    """An older and a newer model, and what it takes to get from one to the other."""

    parent: Member
    child: Member
    difference: Difference
    second_hand: bool = False  # the older one is itself a resized copy of another house's model

    @cached_property
    def distance(self) -> float:
        """The sum of the weights of all changes; symmetric."""
        return round(sum(change.weight for change in self.difference.changes), 3)

    @property
    def copy(self) -> str:
        """ "exact" where nothing changed, "scale" where only sizes and settings did, else ""."""
        if not self.difference.changes:
            return "exact"
        return "" if self.difference.causes else "scale"

    @cached_property
    def same_house(self) -> bool:
        """Whether one organization made both."""
        return self.child.organization == self.parent.organization

    @cached_property
    def same_code(self) -> bool:
        """Whether the newer family is the older one, or takes its blocks over."""
        return related(self.child.architecture.model_type, self.parent.architecture.model_type)

    @cached_property
    def nearness(self) -> float:
        """The distance as kinship shortens it; the least decides."""
        years = (self.child.released - self.parent.released).days / 365.25
        near = self.distance + AGE * min(1.0, years)
        if self.same_house:
            share = min(1.0, HOUSE_SHARE + FADING * max(0.0, years - 1))
            near = near * share - HOUSE
        elif self.second_hand:
            near += SECOND_HAND
        if self.same_code:
            near -= CODE
        if self.parent.released == self.child.released and not self.copy:
            near += SAME_DAY
        return round(near, 3)

    @property
    def possible(self) -> bool:
        """Whether the older can be an ancestor: near enough, and not of the same day unless a sister."""
        if self.parent.released < self.child.released or self.copy:
            return self.distance <= FARTHEST
        return self.same_house and self.distance <= SAME_DAY_FARTHEST


def chronological(members: Sequence[Member]) -> list[Member]:
    """Oldest first; of one day the largest first, since the smaller are its copies."""
    sizes = {member.id: portrait(member).consequences["total"] for member in members}
    return sorted(members, key=lambda member: (member.released, -sizes[member.id], member.id))


def ancestors(members: Sequence[Member]) -> dict[str, tuple[Step, ...]]:
    """For each model up to three earlier ones, the nearest first; empty where a line begins.

    Of models that are the same, only the earliest can be an ancestor.
    """
    found: dict[str, tuple[Step, ...]] = {}
    portraits: list[tuple[Member, Portrait, bool]] = []
    for member in chronological(members):
        own = portrait(member)
        steps = [
            Step(earlier, member, Difference(known, own), second_hand)
            for earlier, known, second_hand in portraits
        ]
        found[member.id] = tuple(_nearest(steps))
        first = next(iter(found[member.id]), None)
        if first is None or first.copy != "exact":
            resized = first is not None and first.copy == "scale" and not first.same_house
            portraits.append((member, own, resized))
    return found


def _nearest(steps: Sequence[Step]) -> Iterator[Step]:
    exact = next((step for step in steps if step.copy == "exact"), None)
    if exact is not None:
        yield exact
        return
    ranked = sorted((step for step in steps if step.possible), key=_rank)
    yield from (s for s in ranked[:MOST] if s.nearness <= ranked[0].nearness + MARGIN)


def _rank(step: Step) -> tuple[float, int, str]:
    """The nearest, then the latest."""
    return (step.nearness, -step.parent.released.toordinal(), step.parent.id)
