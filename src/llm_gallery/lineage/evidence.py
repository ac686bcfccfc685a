"""Why one model is said to descend from another; where nothing says so, it only resembles it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import bare
from llm_gallery.lineage.stated_descents import Claim

Relation = Literal["descends", "resembles"]
Kind = Literal["authors", "series", "code", "design", "measure"]
"""What an edge rests on. Measure alone shows a resemblance; each of the others is evidence of descent."""

KINDS: Mapping[Kind, str] = {
    "authors": "stated by its authors",
    "series": "the same series of one organization",
    "code": "its code builds on the other's",
    "design": "no other design is in reach",
    "measure": "measured only",
}
"""In a few words, as an edge of the tree shows it."""

CODE = (2.5, 4.5, 6.0)
"""How far code is evidence that takes one part of a layer, two, or all; Llama's, where most families begin, the least."""
SERIES = {"chatglm": "glm", "deepseekmoe": "deepseek", "hy": "hunyuan", "olmoe": "olmo"}
"""Series that are written in two ways."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an edge rests on, in a sentence, and the address where somebody says it."""

    kind: Kind
    words: str
    source: str = ""

    @property
    def relation(self) -> Relation:
        """Whether it is a descent or a resemblance."""
        return "resembles" if self.kind == "measure" else "descends"

    @property
    def short(self) -> str:
        """The kind in a few words."""
        return KINDS[self.kind]


MEASURED = Evidence("measure", "Nobody is known to state a descent.")


class Testimony:
    """What is stated of these models, by child and parent."""

    def __init__(self, members: Sequence[Member], claims: Sequence[Claim]) -> None:
        """Claims about models and families that aren't here are left out."""
        self.members = {member.id: member for member in members}
        self.homes: dict[str, str] = {}  # whose the first model of each code is
        for member in sorted(members, key=lambda one: one.released):
            self.homes.setdefault(family(member), member.house)
        self.named: dict[str, list[str]] = {}  # whom the authors of each model name
        named = {member.repository.lower(): member.id for member in members if member.repository}
        self.authors: dict[tuple[str, str], Claim] = {}
        self.code: dict[tuple[str, str], Claim] = {}
        for claim in claims:
            if claim.by == "code":
                self.code[bare(claim.child), bare(claim.parent)] = claim
            elif claim.child.lower() in named and claim.parent.lower() in named:
                pair = named[claim.child.lower()], named[claim.parent.lower()]
                self.authors[pair] = claim
                self.named.setdefault(pair[0], []).append(pair[1])

    def evidence(
        self, parent: Member, child: Member, distance: float, same_design: Sequence[str] = ()
    ) -> Evidence:
        """The strongest that speaks for this descent; MEASURED where nothing does.

        Authors may name another model of the parent's design, from the same organization, or, of another
        organization's, an earlier one of its series.
        """
        own = parent.house == child.house
        named = self.named.get(child.id, ())
        alike = [one for one in named if one == parent.id or one in same_design]
        before = [one for one in named if not own and self._before(one, parent)]
        if alike or before:
            claim = self.authors[child.id, (*alike, *before)[0]]
            return Evidence("authors", claim.words, claim.source)
        if own and series(parent) == series(child):
            return Evidence("series", f"Both are of the {_called(child)} series of {child.house}.")
        return self._by_code(parent, child, distance) or MEASURED

    def _before(self, named: str, parent: Member) -> bool:
        """Whether a model is an earlier one of a parent's series."""
        one = self.members[named]
        same = one.house == parent.house and series(one) == series(parent)
        return same and one.released < parent.released

    def _by_code(self, parent: Member, child: Member, distance: float) -> Evidence | None:
        new, old = family(child), family(parent)
        if new == old:
            return Evidence("code", f"Both run in the same code, that of {new}.")
        claim = self.code.get((new, old))
        if claim is None or self.homes[old] != parent.house:  # others run in it, too
            return None
        words = f"{claim.words[:1].upper()}{claim.words[1:]}"
        if distance > _reach(claim, old, child):
            return Evidence("measure", f"{words}, which alone shows no descent.", claim.source)
        return Evidence("code", f"{words}.", claim.source)


def _reach(claim: Claim, old: str, child: Member) -> float:
    """How far what code takes is evidence; wiring alone never is."""
    taken = set(claim.takes)
    if not {"attention", "experts"} & taken:
        return 0.0
    wanted = {"attention", "layer"}
    if "mixture-of-experts" in child.concepts:
        wanted.add("experts")
    lacking = len(wanted - taken)
    return CODE[0] if old == "llama" or lacking > 1 else CODE[2 - lacking]


def family(member: Member) -> str:
    """The code that a model's language model runs in, whatever it is wrapped in."""
    held = member.architecture
    return bare(str(held.root.settings.get("wrapped", held.model_type)))


def series(member: Member) -> str:
    """The letters that a model's name begins with: "qwen" of Qwen3-Next and of Qwen2.5."""
    name = _called(member).lower()
    return SERIES.get(name, name)


def _called(member: Member) -> str:
    found = re.match(r"[^\W\d_]+", member.name)
    return found[0] if found else member.name
