"""The family tree: each model with its ancestors, as measured and as stated, and where the two disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.lineage.ancestors import ancestors, chronological
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.evidence import Evidence, family
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import base_type
from llm_gallery.lineage.recipe import apart, follows
from llm_gallery.lineage.stated_descents import Claim, claims
from llm_gallery.lineage.testimony import Testimony


@dataclass(frozen=True)
class Stated:
    """A descent that somebody states, with what the two models' trees say of it."""

    step: Step
    claim: Claim
    agrees: bool  # whether it was also measured, copies of one model counting as one


@dataclass(frozen=True)
class Lineage:
    """All models and what leads from one to another."""

    members: Mapping[str, Member]  # oldest first
    measured: Mapping[str, tuple[Step, ...]]  # by child, the nearest ancestor first
    stated: tuple[Stated, ...]
    originals: Mapping[str, str]
    """For each model the first of its design: itself, or what it is a copy of at any size."""
    elder: Mapping[str, Step]
    """Of each model that isn't the first of its siblings the step from the nearest elder one."""
    root: str = ""  # of what follows one model
    left: tuple[
        Step, ...
    ] = ()  # followers of it where its recipe ends, each from its nearest ancestor

    def __repr__(self) -> str:
        after = f", what follows {self.root}" if self.root else ""
        return f"<Lineage of {counted(len(self.members), 'model')}{after}>"

    @cached_property
    def generations(self) -> Mapping[str, int]:
        """Designs between a model and where its line begins; a copy is of its original's generation."""
        counts: dict[str, int] = {}
        for member in self.members:
            step = self.parent(member)
            counts[member] = 0 if step is None else counts[step.parent.id] + (not step.copy)
        return counts

    def parent(self, model: str) -> Step | None:
        """The step from the nearest ancestor; None where a line begins. Raises Refusal where there is no such model."""
        _known(self, model)
        return next(iter(self.measured[model]), None)

    @cached_property
    def children(self) -> Mapping[str, tuple[Step, ...]]:
        """The steps to those whose nearest ancestor a model is, oldest first."""
        by_parent: dict[str, list[Step]] = {member: [] for member in self.members}
        for member in self.members:
            step = self.parent(member)
            if step is not None:
                by_parent[step.parent.id].append(step)
        return {member: tuple(steps) for member, steps in by_parent.items()}

    @cached_property
    def siblings(self) -> Mapping[str, tuple[str, ...]]:
        """Of each model those of its release that have its ancestor, oldest first; empty for most."""
        first: dict[str, str] = {}
        groups: dict[str, list[str]] = {}
        for member in self.members:
            step = self.elder.get(member)
            first[member] = member if step is None else first.get(step.parent.id, member)
            groups.setdefault(first[member], []).append(member)
        return {
            member: tuple(sibling for sibling in groups[first[member]] if sibling != member)
            for member in self.members
        }

    def one_design(self, model: str, other: str) -> bool:
        """Whether two models have one design, at any size."""
        return self.originals[model] == self.originals[other]

    def same_design(self, model: str, before: Member) -> tuple[str, ...]:
        """The other models of a model's design that stand before a later one, oldest first."""
        design, ids = self.originals[model], list(self.members)
        earlier = ids[: ids.index(before.id)]
        return tuple(
            member for member in earlier if member != model and self.originals[member] == design
        )

    def stated_of(self, step: Step) -> tuple[Stated, ...]:
        """The claims that name a step's two designs; of one design, those about the newer model itself."""
        old, new = self.originals[step.parent.id], self.originals[step.child.id]

        def speaks(claimed: Step) -> bool:
            design = self.originals[claimed.parent.id], self.originals[claimed.child.id]
            return design == (old, new) and (old != new or claimed.child is step.child)

        return tuple(stated for stated in self.stated if speaks(stated.step))

    @property
    def disagreements(self) -> tuple[Stated, ...]:
        """What authors state and isn't measured; what code takes from another's is no statement of theirs."""
        return tuple(
            stated for stated in self.stated if not stated.agrees and stated.claim.by == "authors"
        )


def lineage(members: Sequence[Member], stated: Sequence[Claim] | None = None) -> Lineage:
    """The tree of these models; claims about other models are left out."""
    said = claims() if stated is None else stated
    ordered = chronological(members)
    testimony = Testimony(ordered, said)
    ancestry = ancestors(ordered, testimony)
    by_id = {member.id: member for member in ordered}
    silent = Lineage(by_id, ancestry.ancestors, (), ancestry.originals, ancestry.siblings)
    return replace(silent, stated=tuple(_stated(silent, testimony, said)))


def _stated(tree: Lineage, testimony: Testimony, stated: Sequence[Claim]) -> Iterator[Stated]:
    """Each pair of models once: a family and its `_text` may state the same."""
    seen: set[tuple[str, str, str]] = set()
    for claim in stated:
        if claim.by == "credit":
            continue
        pair = _by_code(tree, claim) if claim.by == "code" else _by_repository(tree, claim)
        if pair is None:
            continue
        old, new = pair
        if (claim.by, old.id, new.id) in seen:
            continue
        seen.add((claim.by, old.id, new.id))
        evidence = testimony.evidence(old, new)
        if claim.by == "code" and evidence.kind == "measure":
            evidence = Evidence(
                "measure", f"{claim.words} That alone shows no descent.", claim.source
            )
        together = testimony.one_release(old, new)
        step = Step(old, new, new.since(old), evidence=evidence, sibling=together)
        design = tree.originals[old.id]
        known = {tree.originals[step.parent.id] for step in tree.measured[new.id]}
        together = new.id in tree.siblings[old.id]
        yield Stated(step, claim, agrees=together or design in known)


def _by_repository(tree: Lineage, claim: Claim) -> tuple[Member, Member] | None:
    named = {member.repository.lower(): member for member in tree.members.values()}
    old, new = named.get(claim.parent.lower()), named.get(claim.child.lower())
    return None if old is None or new is None else (old, new)


def _by_code(tree: Lineage, claim: Claim) -> tuple[Member, Member] | None:
    """The first model of the newer family, and the nearest earlier one of those whose the older is."""
    ofs = [m for m in tree.members.values() if family(m) == base_type(claim.child)]
    if not ofs:
        return None
    new = ofs[0]
    earlier = [
        member
        for member in tree.members.values()
        if family(member) == base_type(claim.parent) and member.released < new.released
    ]
    if not earlier:
        return None
    first = min(earlier, key=lambda member: member.released)
    steps = [Step(old, new, new.since(old)) for old in earlier if old.house == first.house]
    nearest = min(steps, key=lambda step: (step.distance, step.parent.released, step.parent.id))
    return nearest.parent, new


def descendants(tree: Lineage, root: str) -> Lineage:
    """What follows one model's recipe, along nearest ancestors as far as a third of what sets it apart is kept.

    Raises Refusal where there is no such model.
    """
    _known(tree, root)
    defining = apart(tree.members[root], tree.members.values())
    alike = {root, *(sibling for sibling in tree.siblings[root] if tree.one_design(sibling, root))}
    within, left = set(alike), []
    for name, member in tree.members.items():
        step = tree.parent(name)
        if name in alike or step is None or step.parent.id not in within:
            continue
        another_size = tree.originals[name] != name and tree.originals[name] in within
        if another_size or follows(tree.members[root], member, defining):
            within.add(name)
        else:
            left.append(step)
    return Lineage(
        {name: member for name, member in tree.members.items() if name in within},
        {
            name: ()
            if name in alike
            else tuple(s for s in tree.measured[name] if s.parent.id in within)
            for name in tree.members
            if name in within
        },
        tuple(s for s in tree.stated if {s.step.parent.id, s.step.child.id} <= within),
        _originals(tree, root, within),
        {name: step for name, step in tree.elder.items() if {name, step.parent.id} <= within},
        root,
        tuple(left),
    )


def _originals(tree: Lineage, root: str, within: Set[str]) -> dict[str, str]:
    """The first of each design among some models; of the root's own design the root."""
    first = {tree.originals[root]: root}
    members = (name for name in tree.members if name in within)
    return {name: first.setdefault(tree.originals[name], name) for name in members}


def path(tree: Lineage, old: str, new: str) -> tuple[Step, ...]:
    """The measured steps from an ancestor to a model: along nearest ancestors where that leads there.

    Else along any that are named, with the fewest changes in all; else from another of its design, where
    that leads there. Raises Refusal where the one doesn't descend from the other, naming their nearest common ancestor.
    """
    for model in (old, new):
        _known(tree, model)
    line = _line(tree, new)
    if old in line:
        direct = [tree.parent(model) for model in line[: line.index(old)]]
        return tuple(step for step in reversed(direct) if step is not None)
    cost: dict[str, float] = {old: 0.0}
    last: dict[str, Step] = {}
    for member, steps in tree.measured.items():  # oldest first: every parent is settled
        for step in steps:
            before = cost.get(step.parent.id)
            if before is not None and before + step.distance < cost.get(member, float("inf")):
                cost[member], last[member] = before + step.distance, step
    alike = next((model for model in line[1:] if tree.one_design(model, old)), None)
    if new not in cost and alike is not None:
        return path(tree, alike, new)
    if new not in cost:
        raise Refusal(f"{new} doesn't follow {old} in the family tree; {_common(tree, old, new)}")
    steps_back = []
    at = new
    while at != old:
        steps_back.append(last[at])
        at = last[at].parent.id
    return tuple(reversed(steps_back))


def _common(tree: Lineage, first: str, second: str) -> str:
    lines = [_line(tree, model) for model in (first, second)]
    shared = next((model for model in lines[0] if model in lines[1]), None)
    return f"both follow {shared}" if shared else "they have no common ancestor in the catalog"


def _line(tree: Lineage, model: str) -> list[str]:
    line = [model]
    while (step := tree.parent(line[-1])) is not None:
        line.append(step.parent.id)
    return line


def _known(tree: Lineage, model: str) -> None:
    if model not in tree.members:
        raise Refusal(f"{quoted(model)} is no model of the tree; see `llm-gallery list`")
