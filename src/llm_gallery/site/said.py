"""What is said of the difference of two models: worked out once for all pairs of the same two architectures.

There are as many pairs as models squared, and a catalog has copies, which differ in their names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.comparison import Difference, Profile, themed
from llm_gallery.lineage import Member

OLD, NEW = "\ue000", "\ue001"
"""Stand for the names, which the page puts in; no name has such a letter."""
STARTS = (" is a different design from ", " is ", " has ")
"""What may stand between the two names of a first sentence."""

Said = list[Any]
"""The sentences, then a title and the words of the changes of each theme."""


def first_alike(members: Iterable[Member]) -> Mapping[str, str]:
    """For each model the first one of which all is equal that is compared: there is no change between the two."""
    first: dict[str, str] = {}
    return {member.id: first.setdefault(_compared(member.profile), member.id) for member in members}


def _compared(profile: Profile) -> str:
    """Everything that a difference asks of a model but for its name."""
    parts = [
        (*part.key, part.label, part.place, part.facts, part.layers, part.each, part.stating)
        for part in profile.parts
    ]
    context = profile.configured_context, profile.assumes_context
    counts = profile.consequences, profile.compute, profile.sparse, profile.counts.bound
    uncounted = bool(profile.architecture.uncounted)
    return repr((profile.listed, profile.traits, parts, context, counts, uncounted))


@dataclass(frozen=True)
class Sayings:
    """What is said of pairs, by what both are and by the words of their names, which sentences count."""

    first: Mapping[str, str]  # as `alike` has it
    _found: dict[tuple[str, str, int, int], Said] = field(default_factory=dict, repr=False)

    def of(self, new: Member, older: Sequence[Member]) -> tuple[dict[str, int], list[Said]]:
        """What sets a model apart from older ones: the places of what is said, by their ids; and all that is said."""
        places: dict[str, int] = {}
        said: list[Said] = []
        known: dict[int, int] = {}
        for old in older:
            saying = self._said(old, new)
            at = known.setdefault(id(saying), len(said))
            if at == len(said):
                said.append(saying)
            places[old.id] = at
        return places, said

    def _said(self, old: Member, new: Member) -> Said:
        words = len(old.name.split()), len(new.name.split())
        key = (self.first[old.id], self.first[new.id], *words)
        if key not in self._found:
            difference = new.once_since(old)
            self._found[key] = [
                with_placeholders(difference),
                *map(list, themed(difference.changes).items()),
            ]
        return self._found[key]

    def forget(self) -> None:
        """Lets go of what was said so far."""
        self._found.clear()


def with_placeholders(difference: Difference) -> list[str]:
    """The sentences with signs in place of the names, which the first of them has at its start."""
    if not difference.sentences:
        return []
    first, *others = difference.sentences
    old, new = difference.old.name, difference.new.name
    between = next(start for start in STARTS if first.startswith(new + start + old))
    return [NEW + between + OLD + first.removeprefix(new + between + old), *others]
