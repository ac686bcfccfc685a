"""The ancestors of each model, and its sibling: whom evidence names first, else whom it resembles most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf

from llm_gallery.comparison.fingerprint import design as fingerprint
from llm_gallery.lineage.distance import FARTHEST, Step
from llm_gallery.lineage.evidence import KINDS
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.mixers import mostly, recurrent
from llm_gallery.lineage.testimony import Testimony

MOST, MARGIN = 3, 1.5
"""Ancestors that are named: the first, and up to two that are nearly as near."""
APART = 1.0
"""A name, and one release, are evidence only while no other design is nearer by this much."""


def chronological(members: Sequence[Member]) -> list[Member]:
    """Oldest first; of one day dense models before sparse ones, the largest first.

    A sparse model of the same house and day is the dense one with experts; smaller ones are copies.
    """
    counts = {member.id: member.profile.counts for member in members}

    def order(member: Member) -> tuple[date, bool, int, str]:
        count = counts[member.id]
        return (member.released, count.active != count.total, -count.total, member.id)

    return sorted(members, key=order)


@dataclass
class Ancestry:
    """By model: up to three ancestors of different designs, the step from its sibling, the first that it is a copy of."""

    ancestors: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    siblings: dict[str, Step] = field(default_factory=dict)  # from the nearest elder one
    originals: dict[str, str] = field(default_factory=dict)
    designs: dict[str, str] = field(default_factory=dict)  # whoever had each first
    bearers: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # by design and house

    def add(self, member: Member, ancestors: Sequence[Step], sibling: Step | None) -> None:
        """Adds a model that is later than those before. A copy of its ancestor or its sibling is of that one's design."""
        self.ancestors[member.id] = tuple(ancestors)
        if sibling is not None:
            self.siblings[member.id] = sibling
        alike = (step for step in (sibling, *ancestors[:1]) if step is not None and step.copy)
        step = next(alike, None)
        self.originals[member.id] = member.id if step is None else self.originals[step.parent.id]
        self.designs[member.id] = fingerprint(member.profile)
        key = self.designs[member.id], member.house
        self.bearers.setdefault(key, []).append(member.id)

    def line(self, model: str) -> Iterator[str]:
        """Everything that a model comes from."""
        seen: dict[str, None] = {}
        waiting = [step.parent.id for step in self.ancestors[model]]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen[here] = None
                waiting += [step.parent.id for step in self.ancestors[here]]
        yield from seen


def ancestors(members: Sequence[Member], testimony: Testimony) -> Ancestry:
    """The ancestors of each model, given oldest first; none where a line begins.

    What stands nearest to a model and came out with it is its sibling, whose ancestor is its own, too. Of models
    that are the same, only the earliest can be an ancestor.
    """
    ancestry = Ancestry()
    known: list[tuple[Member, bool]] = []  # and whether it is second hand
    for member in members:
        choice = _Choice(member, known, testimony, ancestry)
        sibling = choice.sibling()
        chosen = choice.ancestors(sibling)
        if sibling is None and (sibling := choice.elder(chosen)) is not None:
            chosen = choice.ancestors(sibling)
        ancestry.add(member, chosen, sibling)
        steps = [step for step in (sibling, *chosen[:1]) if step is not None]
        if not any(step.copy == "exact" for step in steps):
            taken = any(step.copy and not step.same_house for step in chosen[:1])
            known.append((member, taken))
    return ancestry


class _Choice:
    """The candidates for a model's ancestors by design, those of its own release apart."""

    def __init__(
        self,
        member: Member,
        known: Sequence[tuple[Member, bool]],
        testimony: Testimony,
        ancestry: Ancestry,
    ) -> None:
        self.member, self.testimony, self.found = member, testimony, ancestry
        self.nearest = inf  # of the earlier designs, by distance alone
        steps = self._comparable([self._step(*members) for members in known])
        self.nearest = min((step.distance for step in steps if not step.sibling), default=inf)
        groups: dict[tuple[str, bool], list[Step]] = {}
        for step in map(self._weighed, steps):
            groups.setdefault((self._design(step), step.sibling), []).append(step)
        self.groups = list(groups.values())

    def sibling(self) -> Step | None:
        """The step from a model of its release, where that is nearest and its ancestor near, or its authors name it."""
        nearest = min((min(group, key=_rank) for group in self.groups), key=_rank, default=None)
        together = [step for group in self.groups for step in group if step.sibling]
        stated = [step for step in together if step.evidence.source]
        step = nearest if nearest in together else min(stated, key=_rank, default=None)
        if step is None or not self.found.ancestors[step.parent.id]:
            return None
        common = self._step(self.found.ancestors[step.parent.id][0].parent, second_hand=False)
        near = step.copy or common.distance < self.nearest + APART
        return step if near or step.evidence.source else None

    def elder(self, ancestors: Sequence[Step]) -> Step | None:
        """The nearest of those that came out with it and have its ancestor, although it is nearer to that."""
        ancestor = [self._design(step) for step in ancestors[:1]]
        mates = (m for m in self.testimony.releases[self.member.id] if m in self.found.ancestors)
        steps = [
            self._step(self.testimony.members[model], second_hand=False)
            for model in mates
            if ancestor == [self._design(step) for step in self.found.ancestors[model][:1]] != []
        ]
        return min(steps, key=_plain, default=None)

    def ancestors(self, sibling: Step | None) -> tuple[Step, ...]:
        """The common one first where there is a sibling; else whom evidence names, else whom it resembles most."""
        steps = self._earlier_ancestors()
        if sibling is not None:
            common = self._common(self.found.ancestors[sibling.parent.id][0], sibling.parent)
            steps = [common, *(s for s in steps if self._design(s) != self._design(common))]
        return tuple(self._with_mixers(steps)[:MOST])

    def _step(self, earlier: Member, second_hand: bool) -> Step:
        """The step from an earlier model, with what speaks for it."""
        alike = self.found.bearers[self.found.designs[earlier.id], earlier.house]
        evidence = self.testimony.evidence(earlier, self.member, alike)
        together = self.testimony.one_release(earlier, self.member)
        difference = self.member.since(earlier)
        return self._weighed(
            Step(earlier, self.member, difference, second_hand, evidence, together)
        )

    def _weighed(self, step: Step) -> Step:
        """The step without its series as evidence where another design is much nearer: a name alone is no descent."""
        if step.evidence.kind != "series" or step.distance < self.nearest + APART:
            return step
        return replace(step, evidence=self.testimony.measured(self.member))

    def _design(self, step: Step) -> str:
        return self.found.designs[step.parent.id]

    def _comparable(self, steps: Sequence[Step]) -> list[Step]:
        """All steps from the designs that may be named; most others are too far by traits and mechanisms alone.

        Two models are compared layer by layer only where that decides something: it takes ten times as long.
        """
        limit = plain = inf
        near = []
        for step in sorted(steps, key=lambda step: step.least):
            least = step.difference.least_weight
            stated = step.evidence.kind == "authors"
            worth_comparing = stated or step.copy_at_best or step.least <= limit or least <= plain
            if worth_comparing and _possible(step):
                near.append(step)
                if not step.sibling:
                    limit = min(limit, step.first_hand + MARGIN)
                    plain = min(plain, step.distance)
        named = {
            self._design(step)
            for step in near
            if step.copy
            or step.first_hand <= limit
            or step.distance <= plain
            or step.evidence.kind == "authors"
        }
        return [step for step in steps if self._design(step) in named and _possible(step)]

    def _earlier_ancestors(self) -> list[Step]:
        """Ancestors that came out earlier: its own design, else the first of the attested, else the most alike."""
        groups = [group for group in self.groups if not group[0].sibling]
        exact = [step for group in groups for step in group if step.copy == "exact"]
        if exact:
            return [min(exact, key=_rank)]
        if not groups:
            return []
        least = {id(group): min(step.first_hand for step in group) for group in groups}
        limit = min(least.values()) + MARGIN
        groups.sort(key=lambda group: least[id(group)])
        near = [
            step
            for group in groups
            for step in [self._named(group)]
            if least[id(group)] <= limit or step.evidence.kind == "authors"
        ]
        attested = [step for step in near if step.evidence.relation == "descends"]
        if attested:
            first = min(attested, key=lambda step: (step.evidence.kind != "authors", *_rank(step)))
        else:
            first = min((min(group, key=_plain) for group in groups), key=_plain)
        return [first, *(step for step in near if self._design(step) != self._design(first))][:MOST]

    def _named(self, group: Sequence[Step]) -> Step:
        """Of the models of a design one that is the same, then the best attested, then one of the house that made it."""

        def order(step: Step) -> tuple[object, ...]:
            named = self.testimony.claim(self.member, [step.parent.id]) is not None
            attested = list(KINDS).index(step.evidence.kind)
            return (not step.copy, not named, attested, step.second_hand, *_rank(step))

        return min(group, key=order)

    def _common(self, above: Step, elder: Member) -> Step:
        """The step from a sibling's ancestor, which is as well attested as the sibling's."""
        step = replace(self._step(above.parent, above.second_hand), elder=elder)
        weaker = step.evidence.relation != above.evidence.relation == "descends"
        words = f"Of its sibling {elder.name}: {above.evidence.words}"
        return replace(step, evidence=replace(above.evidence, words=words)) if weaker else step

    def _with_mixers(self, ancestors: Sequence[Step]) -> list[Step]:
        """The own models of its recurrent mixers besides, where nothing that it comes from has them.

        First, where a model resembles another and mixes tokens with that in most layers.
        """
        line = {
            name
            for step in ancestors
            for name in (step.parent.id, *self.found.line(step.parent.id))
        }
        mixers = {kind for model in line for kind in recurrent(self.testimony.members[model])}
        steps, first = list(ancestors), 1
        for kind in recurrent(self.member):
            model = self.testimony.mixers.get(kind)
            if kind in mixers or model is None or model.released >= self.member.released:
                continue
            alike = not ancestors or ancestors[0].evidence.relation == "resembles"
            place = 0 if alike and mostly(self.member, kind) else first
            steps.insert(place, self._step(model, second_hand=False))
        return steps


def _possible(step: Step) -> bool:
    """Whether the older can be an ancestor; what authors state needs no time between them."""
    stated = step.evidence.kind == "authors" and step.first_hand <= FARTHEST
    return stated or step.possible


def _rank(step: Step) -> tuple[float, int, str]:
    """The nearest as kinship has it, then the latest."""
    return (step.first_hand, -step.parent.released.toordinal(), step.parent.id)


def _plain(step: Step) -> tuple[float, int, str]:
    """The most alike, then the latest."""
    return (step.distance, -step.parent.released.toordinal(), step.parent.id)
