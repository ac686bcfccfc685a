"""The designs that stand nearest to a model, each by its nearest model, with what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.comparison import Difference, Profile
from llm_gallery.lineage.distance import distance
from llm_gallery.lineage.gallery import Gallery


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A design: what leads from its nearest model to the one that is asked about."""

    difference: Difference
    distance: float
    others: tuple[Profile, ...]  # further models of the design, the nearest first

    def __repr__(self) -> str:
        return f"<Neighbour {self.model.name}, {self.distance} apart>"

    @property
    def model(self) -> Profile:
        """The nearest model of the design."""
        return self.difference.old


def neighbours(profile: Profile, among: Gallery) -> tuple[Neighbour, ...]:
    """All designs, the nearest first; of models that are as near, the earliest speaks for the design.

    A model of the catalog is no neighbour of itself.
    """
    neighbours = (
        _neighbour(
            profile, [model for model in models if not (profile.listed and model.id == profile.id)]
        )
        for models in among.designs.values()
    )
    near = [neighbour for neighbour in neighbours if neighbour is not None]
    return tuple(sorted(near, key=lambda neighbour: (neighbour.distance, neighbour.model.id)))


def _neighbour(profile: Profile, models: Sequence[Profile]) -> Neighbour | None:
    if not models:
        return None
    steps = [Difference(model, profile) for model in models]
    far = sorted(((distance(step), step) for step in steps), key=lambda step: step[0])
    nearest, *others = far
    return Neighbour(nearest[1], nearest[0], tuple(step.old for _, step in others))
