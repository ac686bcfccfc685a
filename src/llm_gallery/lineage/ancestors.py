"""The measured ancestors of each model; of those that are about as near, the one first for which there is evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import inf

from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.evidence import KINDS, Evidence, Testimony
from llm_gallery.lineage.family_member import Member

MOST, MARGIN = 3, 1.5
"""Ancestors that are named: the nearest, and up to two that are nearly as near."""
ALONE, APART = 1.0, 1.0
"""A design up to this far must be the parent, where every other one is this much farther."""


def chronological(members: Sequence[Member]) -> list[Member]:
    """Oldest first; of one day dense models before sparse ones, the largest first.

    A sparse model of the same house and day is the dense one with experts; smaller ones are copies.
    """
    counts = {member.id: member.profile.counts for member in members}

    def order(member: Member) -> tuple[date, bool, int, str]:
        own = counts[member.id]
        return (member.released, own.active != own.total, -own.total, member.id)

    return sorted(members, key=order)


def ancestors(members: Sequence[Member], testimony: Testimony) -> dict[str, tuple[Step, ...]]:
    """For each model up to three earlier ones of different designs; empty where a line begins.

    Its own design first, then one with evidence of descent if it is about as near as the nearest, then the
    nearest. Of models that are the same, only the earliest can be an ancestor.
    """
    nearest: dict[str, tuple[Step, ...]] = {}
    known: list[tuple[Member, bool]] = []  # and whether it is second hand
    designs = _Designs(testimony)
    for member in chronological(members):
        steps = [
            Step(earlier, member, member.since(earlier), second_hand)
            for earlier, second_hand in known
        ]
        nearest[member.id] = tuple(_nearest(_comparable(steps, designs), designs))
        first = next(iter(nearest[member.id]), None)
        copied = first is not None and bool(first.copy)
        designs.add(member, designs.of(first.parent) if first and copied else member.id)
        if first is None or first.copy != "exact":
            known.append((member, first is not None and copied and not first.same_house))
    return nearest


class _Designs:
    """Which models so far are of one design, and what is stated of them."""

    def __init__(self, testimony: Testimony) -> None:
        self.testimony = testimony
        self.first: dict[str, str] = {}
        self.bearers: dict[tuple[str, str], list[str]] = {}  # by design and organization

    def add(self, member: Member, design: str) -> None:
        """A model, later than those before."""
        self.first[member.id] = design
        self.bearers.setdefault((design, member.house), []).append(member.id)

    def of(self, member: Member) -> str:
        """The id of the first model of its design."""
        return self.first[member.id]

    def names(self, step: Step) -> bool:
        """Whether the newer one's authors name this older one, rather than another of its design."""
        return (step.child.id, step.parent.id) in self.testimony.authors

    def evidence(self, step: Step) -> Evidence:
        """What is stated of a step."""
        sisters = self.bearers[self.of(step.parent), step.parent.house]
        return self.testimony.evidence(step.parent, step.child, step.distance, sisters)


def _comparable(steps: Sequence[Step], designs: _Designs) -> list[Step]:
    """All steps from the designs that may be named; most others are too far by traits and mechanisms alone.

    Two models are compared layer by layer only where that decides something: it takes ten times as long.
    """
    limit, near = inf, []
    for step in sorted(steps, key=lambda step: step.least):
        if (step.least <= limit or step.copy_at_best) and step.possible:
            near.append(step)
            if not step.same_day:
                limit = min(limit, step.first_hand + MARGIN)
    named = {designs.of(step.parent) for step in near if step.copy or step.first_hand <= limit}
    return [step for step in steps if designs.of(step.parent) in named]


def _nearest(steps: Sequence[Step], designs: _Designs) -> Iterator[Step]:
    """The same design first, then others, each as near as the nearest model that has it.

    A design is named by a model for which there is evidence, then by one of the house that made it.
    """
    exact = next((step for step in steps if step.copy == "exact"), None)
    if exact is not None:
        yield replace(exact, evidence=_evidence(exact, [], designs))
        return
    groups: dict[str, list[Step]] = {}
    for step in steps:
        if step.possible:
            groups.setdefault(designs.of(step.parent), []).append(step)
    ranked = sorted(
        groups.values(),
        key=lambda group: (not any(step.copy for step in group), min(map(_rank, group))),
    )
    before = (step.first_hand for group in ranked for step in group if not step.same_day)
    limit = min(before, default=ranked[0][0].first_hand if ranked else 0.0) + MARGIN
    near = [group for group in ranked if min(step.first_hand for step in group) <= limit]
    named = [_named(group, designs) for group in near]
    said = [replace(step, evidence=_evidence(step, named, designs)) for step in named]
    yield from _stated_first(said)[:MOST]


def _stated_first(steps: Sequence[Step]) -> list[Step]:
    """What authors name, then what other evidence speaks for, before a nearest that only resembles."""
    if not steps or steps[0].copy:
        return list(steps)

    def weight(step: Step) -> int:
        return 0 if step.evidence.kind == "authors" else 1 + (step.evidence.relation != "descends")

    better = min(steps, key=weight)
    return [better, *(step for step in steps if step is not better)]


def _named(group: Sequence[Step], designs: _Designs) -> Step:
    """Of the models of a design one that is the same, then the best attested, then one of the house that made it."""

    def order(step: Step) -> tuple[object, ...]:
        attested = list(KINDS).index(designs.evidence(step).kind)
        return (not step.copy, not designs.names(step), attested, step.second_hand, *_rank(step))

    return min(group, key=order)


def _evidence(step: Step, others: Sequence[Step], designs: _Designs) -> Evidence:
    """What is stated; else that no other design is in reach."""
    stated = designs.evidence(step)
    if stated.relation == "descends" or step.distance > ALONE:
        return stated
    rest = [other.distance for other in others if other is not step]
    if min(rest, default=inf) < step.distance + APART:
        return stated
    words = (
        f"It is {step.distance} away, and no other design is nearer than {min(rest)}."
        if rest
        else (f"It is {step.distance} away, and no other design is near.")
    )
    return Evidence("design", words)


def _rank(step: Step) -> tuple[float, int, str]:
    """The nearest, then the latest."""
    return (step.first_hand, -step.parent.released.toordinal(), step.parent.id)
