"""What a model keeps of another's recipe: the concepts that both trees show, and those that are gone."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.analysis.concepts import concepts
from llm_gallery.lineage.member import Member


@dataclass(frozen=True, slots=True)
class Recipe:
    """The concepts of an older model, by what became of them, and those that a newer one has besides."""

    kept: tuple[str, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]


def recipe(old: Member, new: Member) -> Recipe:
    """Ids of concepts, sorted (docs/definitions.md#concepts)."""
    before, after = (concepts(model.architecture.root) for model in (old, new))
    return Recipe(
        kept=tuple(one for one in before if one in after),
        gone=tuple(one for one in before if one not in after),
        added=tuple(one for one in after if one not in before),
    )
