"""A model beside another's recipe: the concepts that both trees show, and those that are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llm_gallery.lineage.family_member import Member

LEAST = 1 / 3
"""Share of what sets a recipe apart that a follower keeps at least, and of its own concepts that are the recipe's."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The concepts of an older model, by what became of them, and those that a newer one has besides."""

    kept: tuple[str, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]


def recipe(old: Member, new: Member) -> Recipe:
    """Ids of concepts, sorted (docs/concepts.md)."""
    before, after = old.concepts, new.concepts
    return Recipe(
        kept=tuple(one for one in before if one in after),
        gone=tuple(one for one in before if one not in after),
        added=tuple(one for one in after if one not in before),
    )


def apart(root: Member, members: Iterable[Member]) -> tuple[str, ...]:
    """The concepts that set a model apart: those that fewer than half of the earlier models have.

    All of its concepts where most of the earlier ones had each of them, or where it is the first.
    """
    own = root.concepts
    earlier = [
        one.concepts for one in members if one.id != root.id and one.released <= root.released
    ]
    rare = (one for one in own if 2 * sum(one in theirs for theirs in earlier) < len(earlier))
    return tuple(rare) or own


def follows(root: Member, member: Member, defining: Sequence[str]) -> bool:
    """Whether a model still has enough of what sets a recipe apart, and isn't mostly something else."""
    kept = sum(one in member.concepts for one in defining)
    shared = sum(one in root.concepts for one in member.concepts)
    return kept >= LEAST * len(defining) and shared >= LEAST * len(member.concepts)
