"""What was drawn of a page while its layouts are tried: every inset, frame and plate once at a width."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from llm_gallery.figure.internals.insets import SizedInset
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.layout.items import Item, Standing
from llm_gallery.figure.layout.packing import Column
from llm_gallery.figure.lead import hero_plate
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.lead.hero_plate import Form, Plate

SCREEN = 700.0
"""Px from the top of a page that a first screen shows."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page with its drawings so far."""

    page: Content
    _sized: dict[object, SizedInset | Standing] = field(default_factory=dict)
    _frames: dict[object, Picture] = field(default_factory=dict)
    _plates: dict[object, Plate | None] = field(default_factory=dict)

    def sized(self, item: Item, wide: float) -> SizedInset | Standing:
        """An inset or a frame among them, at a width."""
        key = item.key, wide
        if key not in self._sized:
            self._sized[key] = item.sized(self.page, wide)
        return self._sized[key]

    def high(self, item: Item, wide: float) -> float:
        """Px that it needs in a column so wide, as measured at the width of its design."""
        return self.sized(item, item.drawn_at(wide)).height

    def frame(self, wide: float, more: float, *, opened: bool) -> Picture:
        """The frame of most layers, with so many px more in every gap."""
        key = wide, more, opened
        if key not in self._frames:
            self._frames[key] = self.page.frame(self.page.layers[0], wide, more, opened=opened)
        return self._frames[key]

    def plate(
        self, place: Column, form: Form | None, *, tight: bool, least: float = 0.0
    ) -> Plate | None:
        """The plate beside the frame, `least` px high: of what leads, or of its wiring where the strip leads."""
        key = place, form, tight, least
        if key not in self._plates:
            self._plates[key] = self._plate(place, form, tight, least)
        return self._plates[key]

    def _plate(self, place: Column, form: Form | None, tight: bool, least: float) -> Plate | None:
        leads = self.page.leads
        if self.page.shares and form is not None:
            return None  # the strip has told it
        if leads is not None and form is not None:
            shown = replace(leads, rowless=tight)
            return hero_plate.plate(shown, place.width, form, least, SCREEN - place.top)
        if leads is None or leads.wiring is None:
            return None
        sized = self.sized(Item(leads.wiring, new=leads.is_new), place.width)
        return Plate(sized.stretched(max(least, sized.height)), 0.0)
