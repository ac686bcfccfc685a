"""Two to six models beside each other: every fact aligned, and each model's difference from the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.comparison import alignment
from llm_gallery.comparison.alignment import Step
from llm_gallery.comparison.change import Change
from llm_gallery.comparison.changes import (
    ROLES,
    Aligned,
    Row,
    aligned,
    changes,
    trait_changes,
    traits,
)
from llm_gallery.comparison.mechanism_changes import least_weight
from llm_gallery.comparison.profile import Described, Profile, profile
from llm_gallery.comparison.sentences import design, sentences

MOST = 6


@dataclass(frozen=True)
class Difference:
    """What it takes to turn one model into another."""

    old: Profile
    new: Profile

    def __repr__(self) -> str:
        return f"<Difference from {self.old.name} to {self.new.name}>"

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Causes, then scale, then settings."""
        return changes(self.old, self.new, self._of_traits)

    @cached_property
    def least_weight(self) -> float:
        """What all changes weigh at least, found in a tenth of the time: traits, and kinds of mixers."""
        roles = [
            least_weight(self.old.of_role(role), self.new.of_role(role))
            for role in ROLES
            if self.old.kinds.get(role) != self.new.kinds.get(role)
        ]
        return round(sum([change.weight for change in self._of_traits]) + sum(roles), 3)

    @property
    def may_lack_causes(self) -> bool:
        """Whether what is found in as little time has no cause in it."""
        same = self.old.kinds == self.new.kinds
        return same and all(trait.level != "cause" for trait in self._of_traits)

    @property
    def may_be_empty(self) -> bool:
        """Whether it has no change at all in it."""
        return not self._of_traits and not self.least_weight

    @cached_property
    def _of_traits(self) -> tuple[Change, ...]:
        return tuple(trait_changes(self.old, self.new))

    @property
    def causes(self) -> tuple[Change, ...]:
        """Facts and wiring that a designer decided, those first that say most."""
        return tuple(change for change in self.changes if change.level == "cause")

    @property
    def scale(self) -> tuple[Change, ...]:
        """The same design, larger or smaller."""
        return tuple(change for change in self.changes if change.level == "scale")

    @property
    def settings(self) -> tuple[Change, ...]:
        """Constants of the design: rotary bases, scales, taps."""
        return tuple(change for change in self.changes if change.level == "setting")

    @cached_property
    def parts(self) -> tuple[Aligned, ...]:
        """The mixers of both models, each beside what answers to it."""
        return aligned(self.old, self.new)

    @cached_property
    def traits(self) -> tuple[Row, ...]:
        """The facts of the whole beside each other."""
        return traits(self.old, self.new)

    @cached_property
    def schedule(self) -> tuple[Step, ...]:
        """The layers of both models beside each other."""
        return alignment.schedule(self.old, self.new)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The difference in words; none where there is none."""
        return sentences(self.old, self.new, self.changes)

    @cached_property
    def design(self) -> str:
        """What changed in words, without numbers that follow; empty where nothing did."""
        return " ".join(design(self.old, self.new, self.changes))


@dataclass(frozen=True)
class Comparison:
    """Models beside each other; differences are counted against the first."""

    models: tuple[Profile, ...]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(model.name for model in self.models)}>"

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """One for each model after the first."""
        return tuple(Difference(self.models[0], other) for other in self.models[1:])


def compare(models: Sequence[Described]) -> Comparison:
    """The comparison of two to six models. Raises Refusal for another number."""
    if not 2 <= len(models) <= MOST:
        raise Refusal(f"found {len(models)} models to compare, expected 2 to {MOST}")
    return Comparison(tuple(profile(model) for model in models))
