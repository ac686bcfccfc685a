"""How far a model stands from each earlier one, in design changes; the nearest are its measured ancestors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import inf

from llm_gallery.comparison import Difference
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import related

HOUSE_SHARE, HOUSE, CODE = 0.6, 0.35, 0.9
"""Kinship brings an ancestor nearer: the same house to 0.6 of the distance less 0.35, the same code by 0.9."""
FADING, AGE, YEAR = 0.25, 0.1, 365.25
"""The first year of age adds 0.1; each later one takes a quarter from what the same house is worth."""
SECOND_HAND = 0.25
"""A design that another house merely resized stands this much farther than the one it was taken from."""
FRESH, FRESH_DAYS = 0.5, 60
"""What another house released less than 60 days ago stands this much farther: taking over takes time."""
SAME_DAY, SAME_DAY_FARTHEST = 0.6, 4.0
"""A sister of the same day stands this much farther, and counts only within one house and this near."""
FARTHEST = 8.0
"""A model that is less near than this to all earlier ones begins a line of its own."""
MOST, MARGIN = 3, 1.5
"""Ancestors that are named: the nearest, and up to two that are nearly as near."""
RENAMED = {"Zhipu AI": "Z.ai"}
"""Houses that go by another name now."""


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
        return _house(self.child) == _house(self.parent)

    @cached_property
    def same_code(self) -> bool:
        """Whether the newer family is the older one, or takes its blocks over."""
        return related(self.child.architecture.model_type, self.parent.architecture.model_type)

    @property
    def same_day(self) -> bool:
        """Whether both were released at once."""
        return self.parent.released == self.child.released

    @cached_property
    def first_hand(self) -> float:
        """The distance as kinship shortens it; the least decides."""
        sisters = SAME_DAY if self.same_day and not self.copy else 0.0
        return round(self._shortened(self.distance) + sisters, 3)

    @cached_property
    def least(self) -> float:
        """What the same can't be below, by the traits of the whole alone."""
        weights = sum(change.weight for change in self.difference.of_traits)
        return round(self._shortened(round(weights, 3)), 3)

    @property
    def copy_at_best(self) -> bool:
        """Whether the traits of the whole allow that the newer one is a copy."""
        return all(change.level != "cause" for change in self.difference.of_traits)

    def _shortened(self, distance: float) -> float:
        days = (self.child.released - self.parent.released).days
        near = distance + AGE * min(1.0, days / YEAR)
        if self.same_house:
            share = min(1.0, HOUSE_SHARE + FADING * max(0.0, days / YEAR - 1))
            near = near * share - HOUSE
        elif days < FRESH_DAYS:
            near += FRESH
        return near - CODE if self.same_code else near

    @property
    def nearness(self) -> float:
        """The same, a little farther where the older model only resized another house's design."""
        return round(self.first_hand + SECOND_HAND * self.second_hand, 3)

    @property
    def possible(self) -> bool:
        """Whether the older can be an ancestor: near enough, and not of the same day unless a sister."""
        if self.parent.released < self.child.released or self.copy:
            return self.first_hand <= FARTHEST
        return self.same_house and self.distance <= SAME_DAY_FARTHEST


def _house(member: Member) -> str:
    return RENAMED.get(member.organization, member.organization)


def chronological(members: Sequence[Member]) -> list[Member]:
    """Oldest first; of one day dense models before sparse ones, the largest first.

    A sparse model of the same house and day is the dense one with experts; smaller ones are copies.
    """
    counts = {member.id: member.profile.consequences for member in members}

    def order(member: Member) -> tuple[date, bool, int, str]:
        own = counts[member.id]
        return (member.released, own["active"] != own["total"], -own["total"], member.id)

    return sorted(members, key=order)


def ancestors(members: Sequence[Member]) -> dict[str, tuple[Step, ...]]:
    """For each model up to three earlier ones of different designs, the nearest first; empty where a line begins.

    Of models that are the same, only the earliest can be an ancestor.
    """
    nearest: dict[str, tuple[Step, ...]] = {}
    known: list[tuple[Member, bool]] = []  # and whether it is second hand
    designs: dict[str, str] = {}  # the first model of each one's design
    for member in chronological(members):
        steps = [
            Step(earlier, member, member.since(earlier), second_hand)
            for earlier, second_hand in known
        ]
        nearest[member.id] = tuple(_nearest(_comparable(steps, designs), designs))
        first = next(iter(nearest[member.id]), None)
        copied = first is not None and bool(first.copy)
        designs[member.id] = designs[first.parent.id] if first and copied else member.id
        if first is None or first.copy != "exact":
            known.append((member, first is not None and copied and not first.same_house))
    return nearest


def _comparable(steps: Sequence[Step], designs: Mapping[str, str]) -> list[Step]:
    """All steps from the designs that may be named; most others are too far by their traits alone.

    Two models are compared layer by layer only where that decides something: it takes ten times as long.
    """
    limit, near = inf, []
    for step in sorted(steps, key=lambda step: step.least):
        if (step.least <= limit or step.copy_at_best) and step.possible:
            near.append(step)
            if not step.same_day:
                limit = min(limit, step.first_hand + MARGIN)
    named = {designs[step.parent.id] for step in near if step.copy or step.first_hand <= limit}
    return [step for step in steps if designs[step.parent.id] in named]


def _nearest(steps: Sequence[Step], designs: Mapping[str, str]) -> Iterator[Step]:
    """The same design first, then others, each as near as the nearest model that has it.

    A design is named by a model of the house that made it rather than by a resized copy.
    """
    exact = next((step for step in steps if step.copy == "exact"), None)
    if exact is not None:
        yield exact
        return
    groups: dict[str, list[Step]] = {}
    for step in steps:
        if step.possible:
            groups.setdefault(designs[step.parent.id], []).append(step)
    ranked = sorted(
        groups.values(),
        key=lambda group: (not any(step.copy for step in group), min(map(_rank, group))),
    )
    before = (step.first_hand for group in ranked for step in group if not step.same_day)
    limit = min(before, default=ranked[0][0].first_hand if ranked else 0.0) + MARGIN
    for group in ranked[:MOST]:
        if min(step.first_hand for step in group) <= limit:
            yield min(group, key=lambda step: (not step.copy, step.second_hand, *_rank(step)))


def _rank(step: Step) -> tuple[float, int, str]:
    """The nearest, then the latest."""
    return (step.first_hand, -step.parent.released.toordinal(), step.parent.id)
