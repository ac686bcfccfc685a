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
        kept=tuple(concept for concept in before if concept in after),
        gone=tuple(concept for concept in before if concept not in after),
        added=tuple(concept for concept in after if concept not in before),
    )


def apart(root: Member, members: Iterable[Member]) -> tuple[str, ...]:
    """The concepts that set a model apart: those that fewer than half of the earlier models have.

    All of its concepts where most of the earlier ones had each of them, or where it is the first.
    """
    concepts = root.concepts
    earlier = [
        member.concepts
        for member in members
        if member.id != root.id and member.released <= root.released
    ]
    rare = (
        concept
        for concept in concepts
        if 2 * sum(concept in theirs for theirs in earlier) < len(earlier)
    )
    return tuple(rare) or concepts


def follows(root: Member, member: Member, defining: Sequence[str]) -> bool:
    """Whether a model still has enough of what sets a recipe apart, and isn't mostly something else."""
    common = sum(concept in member.concepts for concept in defining)
    shared = sum(concept in root.concepts for concept in member.concepts)
    return common >= LEAST * len(defining) and shared >= LEAST * len(member.concepts)
