"""What has an inset on a page, and how wide it may be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.page import hero_plate, insets
from llm_gallery.figure.page.content import Content
from llm_gallery.figure.page.hero_plate import Told
from llm_gallery.figure.page.insets import SizedInset, sized_inset
from llm_gallery.figure.plan.one_layer import OneLayer
from llm_gallery.figure.plan.plan import Plan, Use

WIDE, LIMIT = 640.0, 420.0
"""Px from which drawings have a panel beside them, and under which they are small."""
SMALL, MIDDLE, BROAD = 380.0, 540.0, 740.0
"""Px at which drawings of each design are measured."""


class Standing(NamedTuple):
    """A frame of layers among the insets, which keeps its height."""

    frame: Picture

    @property
    def height(self) -> float:
        """Px that it needs."""
        return self.frame.height

    def stretched(self, high: float) -> Picture:
        """The frame as it is, whatever room there is."""
        return self.frame


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A mechanism, its indexer alone, what is new beside what leads, or layers that have a frame of their own."""

    use: Use | None
    told: Told | None = None
    indexer: bool = False
    layers: OneLayer | None = None
    new: bool = False  # whether the ancestor lacks it

    def sized(self, page: Content, wide: float) -> SizedInset | Standing:
        """Its inset or its frame at a width."""
        if self.layers is not None:
            return Standing(page.frame(self.layers, wide))
        if self.told is not None:
            return hero_plate.as_inset(self.told, wide)
        assert self.use is not None
        return sized_inset(
            self.use,
            page.plan,
            wide,
            page.full,
            together=True,
            split=True,
            only_indexer=self.indexer,
        )

    @property
    def key(self) -> tuple[int, int, int, bool]:
        """What two items have in common that look the same on one page."""
        return id(self.use), id(self.told), id(self.layers), self.indexer

    def drawn_at(self, wide: float) -> float:
        """The width at which its height is measured for a column so wide: drawings of one design are as high."""
        if self.layers is not None:
            return SMALL
        if wide >= WIDE:
            return BROAD
        return SMALL if wide < LIMIT else MIDDLE

    @property
    def plain(self) -> bool:
        """Whether it is a plain MLP, whose block says how wide it is."""
        return self.use is not None and self.use.variants[0].block.kind == "mlp"

    @property
    def mixes_experts(self) -> bool:
        """Whether it is a mixture of experts."""
        use = self.use if self.told is None else self.told.hero.wiring
        return use is not None and use.variants[0].block.is_mixture

    @property
    def mixer(self) -> bool:
        """Whether it mixes tokens: its drawing has many lanes."""
        use = self.use
        return use is not None and not self.indexer and use.variants[0].block.on_tokens

    @property
    def bare(self) -> Item:
        """The same without pictures and sentences, where its wiring says enough."""
        wiring = None if self.told is None else self.told.hero.wiring
        return self if wiring is None else Item(wiring, new=True)

    @property
    def streams(self) -> bool:
        """Whether it is the wiring of the streams, which isn't new."""
        stream = self.use is not None and "residual" in self.use.variants[0].block.facts
        return stream and not self.new

    def fits(self, wide: float) -> bool:
        """Whether it may be drawn so wide."""
        if self.layers is not None:
            return 335 <= wide <= 400
        use = self.use if self.told is None else self.told.hero.wiring
        if use is None:
            return wide <= 760
        if self.indexer:
            return wide >= 300
        return insets.fits(use, wide)


def items(plan: Plan, leads: Told | None, second: Told | None, *, wired: bool) -> list[Item]:
    """All that has an inset, what is new first; `wired` says that the plate of what leads shows its wiring.

    A plate shows the wiring of one of its uses: where all is said, the others have insets of their own.
    """
    found: list[Item] = []
    taken: list[Use] = []
    if leads is not None:
        taken += _shown(leads)
        if not wired and leads.hero.wiring is not None:
            found.append(Item(leads.hero.wiring))
    found += [Item(use, indexer=True) for use in plan.uses if insets.indexed(use)]
    if second is not None:
        found.append(Item(None, second))
        taken += _shown(second)
    wiring = [] if plan.wiring is None else [plan.wiring]
    uses = [*(u for u in plan.uses if u.token), *wiring, *(u for u in plan.uses if not u.token)]
    found += [Item(use) for use in uses if not any(use is other for other in taken)]
    return found


def _shown(told: Told) -> tuple[Use, ...]:
    """The uses that a plate is about, or, where all is said, the one whose wiring it shows."""
    wiring = told.hero.wiring
    return (wiring,) if told.full and wiring is not None else told.hero.uses
