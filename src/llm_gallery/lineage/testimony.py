"""Evidence of descent: statements, names, dates, code and mixers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.lineage.distance import FARTHEST, distance
from llm_gallery.lineage.evidence import Evidence, family, measured
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import base_type
from llm_gallery.lineage.mixers import own_mixers, recurrent
from llm_gallery.lineage.release import releases
from llm_gallery.lineage.series import displayed_series, series
from llm_gallery.lineage.stated_descents import Claim


class Testimony:
    """What is stated of these models, by child and parent; which came out together, and whose a mixer is."""

    def __init__(self, chronological: Sequence[Member], claims: Sequence[Claim]) -> None:
        """The models oldest first. Claims about models and families that aren't here are left out."""
        self.members = {member.id: member for member in chronological}
        self.releases = releases(chronological)
        self.mixers = own_mixers(chronological)
        self.homes: dict[str, str] = {}  # whose the first model of each code is
        for member in sorted(chronological, key=lambda member: member.released):
            self.homes.setdefault(family(member), member.house)
        ids = {
            member.repository.lower(): member.id for member in chronological if member.repository
        }
        self.authors: dict[tuple[str, str], Claim] = {}
        self.disputes: dict[tuple[str, str], Claim] = {}
        self.code: dict[tuple[str, str], Claim] = {}
        self.outside: dict[str, list[Claim]] = {}  # descents from models that aren't here
        self.credits: dict[str, list[Claim]] = {}  # parts that are taken from others
        for claim in claims:
            pair = ids.get(claim.child.lower(), ""), ids.get(claim.parent.lower(), "")
            if claim.by == "code":
                self.code[base_type(claim.child), base_type(claim.parent)] = claim
            elif claim.by == "credit":
                self.credits.setdefault(pair[0], []).append(claim)
            elif all(pair) and claim.by == "dispute":
                self.disputes[pair] = claim
            elif all(pair):
                self.authors[pair] = claim
            elif claim.by == "authors":
                self.outside.setdefault(pair[0], []).append(claim)

    def one_release(self, member: Member, other: Member) -> bool:
        """Whether two models came out together."""
        return other.id in self.releases[member.id]

    def claim(self, child: Member, parents: Sequence[str]) -> Claim | None:
        """What its authors state of the first of these that they name."""
        found = (self.authors.get((child.id, parent)) for parent in parents)
        return next(filter(None, found), None)

    def measured(self, child: Member) -> Evidence:
        """Similarity alone, with what the authors say of models that aren't here, and of parts."""
        return measured([*self.outside.get(child.id, ()), *self.credits.get(child.id, ())])

    def evidence(self, parent: Member, child: Member, same_design: Sequence[str] = ()) -> Evidence:
        """The strongest that speaks for this edge; similarity alone where nothing does.

        Authors may name another model of the parent's design, from the same organization. A name is no evidence where
        authors state a descent from a model that isn't here.
        """
        if self.one_release(parent, child):
            statement = self.authors.get((child.id, parent.id))
            words = f"{parent.name} and {child.name} came out together."
            return (
                Evidence("release", statement.words, statement.source)
                if statement
                else Evidence("release", words)
            )
        claim = self.claim(child, (parent.id, *same_design))
        if claim is not None:
            return Evidence("authors", claim.words, claim.source)
        one_series = parent.house == child.house and series(parent) == series(child)
        elsewhere = child.id in self.outside
        if one_series and not elsewhere and distance(child.since(parent)) <= FARTHEST:
            return Evidence(
                "series", f"Both are of the {displayed_series(child)} series of {child.house}."
            )
        disputed = self.disputes.get((child.id, parent.id))
        if disputed is not None:
            return Evidence("measure", disputed.words, disputed.source)
        found = self._by_code(parent, child) or self._by_mixer(parent, child)
        said = self.measured(child)
        if found is None or not said.credited:
            return found or said
        words = f"{found.words} {said.words}"
        return replace(
            found, words=words, source=found.source or said.source, credited=said.credited
        )

    def _by_code(self, parent: Member, child: Member) -> Evidence | None:
        """One code that runs both; that a file of the reference imports from another's is no word of its makers."""
        new, old = family(child), family(parent)
        if new == old:
            return Evidence("code", f"The configs of both name the type {new}: one code runs both.")
        claim = self.code.get((new, old))
        if claim is None or not claim.runs or self.homes[old] != parent.house:
            return None
        return Evidence("code", claim.words, claim.source)

    def _by_mixer(self, parent: Member, child: Member) -> Evidence | None:
        """The first model that mixes tokens with nothing but a recurrent mixer that the newer one has, too."""
        kind_of_mixer = next((kind for kind, first in self.mixers.items() if first is parent), "")
        name = recurrent(child).get(kind_of_mixer) if kind_of_mixer else None
        if name is None:
            return None
        return Evidence(
            "mixer",
            f"Its {name} layers are those of {parent.name}, the first model here that has no other mixer.",
        )
