"""Items that have an inset on a page, and the widths at which each may be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.figure.internals import insets
from llm_gallery.figure.internals.insets import SizedInset, sized_inset
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.lead import told_inset
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.lead.hero_plate import Told
from llm_gallery.figure.pictures.chosen import chosen
from llm_gallery.figure.pictures.panel import Panel
from llm_gallery.mechanisms.wording import Name
from llm_gallery.novelty.leading import Hero
from llm_gallery.plan.plan import OneLayer, Plan, Use

WIDE, LIMIT = 640.0, 420.0
"""Px from which drawings have a panel beside them, and under which they are small."""
ACROSS = 1000.0
"""Px from which a token mixer has its picture and its sentences beside its wiring."""
SMALL, MIDDLE, BROAD = 380.0, 540.0, 740.0
"""Px at which drawings of each design are measured."""


class Standing(NamedTuple):
    """A frame of layers among the insets, which keeps its height."""

    frame: Picture

    @property
    def height(self) -> float:
        """Px that it needs."""
        return self.frame.height

    @property
    def most(self) -> float:
        """Px that it may be high."""
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
    full: bool = False  # whether all is said, and no sentence

    def sized(self, page: Content, wide: float) -> SizedInset | Standing:
        """Its inset or its frame at a width."""
        if self.layers is not None:
            return Standing(page.frame(self.layers, wide))
        if self.told is not None:
            return told_inset.as_inset(self.told, wide)
        assert self.use is not None
        if wide >= (WIDE if self.small else ACROSS):
            spoken = self.spoken(page, wide)
            if spoken is not None:
                return spoken
        return self._drawn(page, wide)

    def _drawn(self, page: Content, wide: float) -> SizedInset:
        """Its wiring alone."""
        assert self.use is not None
        apart = page.leads is None or page.full or page.shares
        leads = () if page.leads is None or apart else page.leads.hero.uses
        sized = sized_inset(
            self.use,
            page.plan,
            wide,
            page.full,
            together=True,
            split=True,
            only_indexer=self.indexer,
            pictured=any(use is self.use for use in leads),
        )
        return self._marked(page, sized)

    def _marked(self, page: Content, sized: SizedInset) -> SizedInset:
        """The same, outlined where it shows something new; an indexer is part of what is."""
        new = self.use is not None and not self.indexer and page.is_new(self.use)
        return replace(sized, inset=replace(sized.inset, new=new))

    def spoken(self, page: Content, wide: float) -> SizedInset | None:
        """Its inset with its picture and its sentences; None where that isn't its own, or all is said."""
        leads = () if page.leads is None else page.leads.hero.uses
        if self.use is None or page.full:
            return None
        if self.indexer:
            choosing = [v for v in self.use.variants if "selected" in v.block.facts]
            panel = Panel(partial(chosen, choosing), "")
            return told_inset.under_picture(self._drawn(page, wide), panel)
        return None if any(use is self.use for use in leads) else self._with_sentences(page, wide)

    def _with_sentences(self, page: Content, wide: float, *, pictured: bool = True) -> SizedInset:
        """Its inset with its sentences, and with its picture over them."""
        assert self.use is not None
        told = Told(Hero((self.use,)), page.plan, split=True)
        return self._marked(page, told_inset.as_inset(told, wide, pictured=pictured))

    def telling(self, page: Content, wide: float) -> Iterator[SizedInset]:
        """Its inset with its picture and its sentences, then with these alone; none where all is said."""
        if (spoken := self.spoken(page, wide)) is not None:
            yield spoken
            if self.plain:  # its picture is a curve, which its wiring names
                yield self._with_sentences(page, wide, pictured=False)

    @property
    def name(self) -> Name:
        """What it is called."""
        if self.use is None:
            return Name("") if self.told is None else self.told.hero.title
        return Name("the indexer") if self.indexer else mechanisms.title(self.use.variants[0].block)

    @property
    def key(self) -> tuple[int, int, int, bool]:
        """What two items have in common that look the same on one page."""
        return id(self.use), id(self.told), id(self.layers), self.indexer

    def drawn_at(self, wide: float) -> float:
        """The width at which its height is measured for a column so wide: drawings of one design are as high."""
        if self.layers is not None:
            return SMALL
        if wide >= WIDE:
            return wide if wide >= ACROSS else BROAD
        return SMALL if wide < LIMIT else MIDDLE

    @property
    def plain(self) -> bool:
        """Whether it is a plain MLP, whose block says how wide it is."""
        return self.use is not None and self.use.variants[0].block.is_mlp

    @property
    def mixes_experts(self) -> bool:
        """Whether it is a mixture of experts."""
        use = self.use if self.told is None else self.told.hero.wiring
        return use is not None and use.variants[0].block.is_mixture

    @property
    def bare(self) -> Item:
        """The same without pictures and sentences, where its wiring says enough."""
        if self.told is None or (wiring := self.told.hero.wiring) is None:
            return self
        return Item(wiring, new=self.told.is_new, full=self.full)

    @property
    def small(self) -> bool:
        """Whether its wiring is small whatever the width: of streams, and of what works on each token alone."""
        if self.use is None:
            return False
        block = self.use.variants[0].block
        return "residual" in block.facts or block.is_mixture or block.is_mlp

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
            return 300 <= wide <= 760
        if self.indexer:
            return wide >= 300
        if self.small and not self.full and WIDE <= wide <= 760:
            return True
        return insets.fits(use, wide)


def items(
    plan: Plan, leads: Told | None, second: Told | None, *, wired: bool, full: bool = False
) -> list[Item]:
    """All that has an inset, what is new first; `wired` says that the plate of what leads shows its wiring.

    A plate shows the wiring of one of its uses: the others have insets of their own.
    """
    found: list[Item] = []
    taken: list[Use] = []
    if leads is not None:
        taken += _shown(leads)
        if not wired and leads.wiring is not None:
            found.append(Item(leads.wiring, new=leads.is_new, full=full))
    found += [Item(use, indexer=True) for use in plan.uses if insets.indexed(use)]
    if second is not None:
        found.append(Item(None, second))
        taken += _shown(second)
    wiring = [] if plan.wiring is None else [plan.wiring]
    uses = [*(u for u in plan.uses if u.token), *wiring, *(u for u in plan.uses if not u.token)]
    found += [Item(use, full=full) for use in uses if not any(use is other for other in taken)]
    return found


def _shown(told: Told) -> tuple[Use, ...]:
    """The use whose wiring a plate shows; all that it is about where a picture shows it."""
    wiring = told.hero.wiring
    return told.hero.uses if wiring is None else (wiring,)
