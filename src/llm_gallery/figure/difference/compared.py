"""Models for a difference figure: what is drawn of each, what became of its blocks, and the facts in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from llm_gallery.comparison.change import Kind
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference.bands import bands, between
from llm_gallery.figure.difference.compared_parts import Group, groups, rows
from llm_gallery.figure.difference.marks import Marks, marks
from llm_gallery.figure.frame.place import Changes, Framed
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Choice
from llm_gallery.plan.plan import OneLayer, Plan
from llm_gallery.plan.planning import plan

Kinds = dict[int, Kind]


@dataclass(frozen=True, slots=True)
class Compared:
    """All that the figure is made of."""

    comparison: Comparison
    headings: Sequence[Heading]
    plans: tuple[Plan, ...]
    layers: tuple[tuple[OneLayer, ...], ...]  # of each model
    marks: tuple[Marks, ...]  # of each model after the first
    kinds: tuple[Kinds, ...]
    groups: tuple[Group, ...]

    @property
    def names(self) -> list[str]:
        """The models' names, each on one line."""
        return [heading.line for heading in self.headings]

    @property
    def dashed(self) -> bool:
        """Whether a block that left is drawn."""
        return any("removed" in kinds.values() for kinds in self.kinds)

    @property
    def near(self) -> bool:
        """Whether two models are drawn alike, so that one frame shows both."""
        old, new = (self.plans[0].stream, self.plans[-1].stream)
        quiet = all(kind in ("kept", "changed") for kinds in self.kinds for kind in kinds.values())
        alike = all(one.alike for one in self.marks)
        return quiet and alike and old == new and not self._renamed and self._aligned

    @property
    def _renamed(self) -> bool:
        """Whether a norm or another thing beside the mixers became another."""
        mixing = {id(choice) for one in self.marks for _, choice, _ in one.pairs}
        return any(
            kind == "changed" and what not in mixing for what, kind in self.kinds[-1].items()
        )

    @property
    def _aligned(self) -> bool:
        """Whether every branch of either model has one beside it."""
        return all(
            None not in models and all(None not in band for band in bands(models))
            for models in zip_longest(*self.layers)
        )

    def frames(self) -> list[list[Framed]]:
        """The frames of all models, a row for every sort of wiring."""
        return [
            [self._framed(index, one) for index, one in enumerate(models)]
            for models in zip_longest(*self.layers)
        ]

    def _framed(self, index: int, one: OneLayer | None) -> Framed:
        title = ("Before", "After")[index] if len(self.plans) == 2 else ""
        changes = Changes(self.kinds[index], title, self.names[index], new=index > 0)
        return Framed(self.plans[index], one, changes=changes)

    def shared(self) -> list[Framed]:
        """The one frame of two models that are drawn alike, a row for every sort of wiring."""
        mark = self.marks[-1]

        def counted(choice: Choice) -> str:
            old = mark.before(choice)
            depths = self.plans[0].depth, self.plans[-1].depth
            if old is None or old.layers == choice.layers:
                whole = choice.layers == depths[-1] and choice.layers > 1
                return f"in {'all ' if whole else ''}{choice.layers:,} layers"
            if (old.layers, choice.layers) == depths:
                return f"in all {old.layers:,} → {choice.layers:,} layers"
            return f"in {old.layers:,} → {choice.layers:,} layers"

        changes = Changes(self.kinds[-1], "One layer of both", "", counted=counted)
        return [Framed(self.plans[-1], one, changes=changes) for one in self.layers[-1]]


def compared(comparison: Comparison, headings: Sequence[Heading]) -> Compared:
    """Reads the models."""
    plans = tuple(plan(model.architecture.root) for model in comparison.models)
    layers = tuple(layers_of(model.architecture.root) for model in comparison.models)
    found = rows(comparison)
    marked = tuple(marks(found, index, layers[0], layers[index]) for index in range(1, len(plans)))
    kinds: list[Kinds] = [{} for _ in plans]
    for index, mark in enumerate(marked, 1):
        kinds[index].update(mark.new)
        if len(plans) == 2:
            kinds[0].update(mark.old)
        for models in zip_longest(layers[0], layers[index]):
            for band in bands(models):
                for new, what, kind in between(band):
                    if new or len(plans) == 2:
                        kinds[index if new else 0][what] = kind
    return Compared(
        comparison, headings, plans, layers, marked, tuple(kinds), groups(comparison, found)
    )
