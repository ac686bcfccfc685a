"""What leads a figure: the mechanism by which a model keeps and reads the past, with a picture and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llm_gallery import mechanisms
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import fitting
from llm_gallery.figure.model.insets import sized_inset, where
from llm_gallery.figure.model.plan import Plan, Use, Variant
from llm_gallery.figure.page.pictures import Panel, panels
from llm_gallery.figure.page.prose import prose
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attended import reached
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import words_for

TWO = 640.0
"""Px from which pictures stand beside the wiring."""


@dataclass(frozen=True, slots=True)
class Hero:
    """The uses of one kind of mechanism that lead."""

    uses: tuple[Use, ...]

    @property
    def variants(self) -> list[Variant]:
        """Their blocks, in the order of the layers."""
        variants = (variant for use in self.uses for variant in use.variants)
        return sorted(variants, key=lambda variant: variant.layers)

    @property
    def layers(self) -> list[int]:
        """The layers that have it."""
        return sorted(layer for variant in self.variants for layer in variant.layers)

    @property
    def wiring(self) -> Use:
        """The use whose inside is drawn."""
        return max(self.uses, key=_weight)

    @property
    def colour(self) -> Colour:
        """That of most layers."""
        return colour_of(max(self.variants, key=lambda variant: variant.count).block)

    @property
    def title(self) -> str:
        """What it is called, its variants together."""
        blocks = [variant.block for variant in self.variants]
        names = mechanisms.names(blocks[0])
        if len(set(map(mechanisms.title, blocks))) == 1:
            return words_for(names.full, blocks[0])
        far = (reached(block).removesuffix(" shared") for block in blocks)
        if len(reaches := dict.fromkeys(far)) == 2:
            return f"{' and '.join(sorted(reaches, reverse=True)).capitalize()} attention"
        if isinstance(names.compared, str):
            return names.compared.capitalize()
        return words_for(names.full, blocks[0])


def leading(plan: Plan) -> Hero | None:
    """The mechanism that leads: what reads the past, and not by plain attention where there is another way.

    Of several, the one in most layers; where nothing reads the past, what works on each token.
    """
    uses = [use for use in plan.uses if use.slots and use.variants[0].block.mixes]
    kinds: dict[str, list[Use]] = {}
    for use in [use for use in uses if use.token] or uses:
        kinds.setdefault(use.variants[0].block.kind, []).append(use)
    heroes = [Hero(tuple(alike)) for alike in kinds.values()]
    special = [hero for hero in heroes if hero.variants[0].block.kind != "attention"]
    return max(special or heroes, key=lambda hero: len(hero.layers), default=None)


def picture(hero: Hero, plan: Plan, wide: float) -> Picture:
    """The inset of what leads: title, pictures with their sentences, and the wiring under or beside them."""
    colour, sheet = hero.colour, Sheet()
    y = _title(sheet, hero, plan, wide)
    shown, wiring = panels(hero.variants), hero.wiring
    if apart(hero, wide):
        return _side_by_side(sheet, shown, y, wide, colour)
    if wide < TWO:
        low = _stacked(sheet, shown, y, wide)
        body = sized_inset(wiring, plan, wide, False).inset.body
        at, high = Point(0, low - 6), low - 6 + body.height + 14
    else:
        left = 0.46 * wide
        low = _stacked(sheet, shown, y + 4, left)
        body = sized_inset(wiring, plan, wide - left, False).inset.body
        high = max(low + 10, y + body.height + 14)
        at = Point(left, y + (high - y - 14 - body.height) / 2)
    tones = {"fill": f"{colour}.tint", "edge": f"{colour}.edge"}
    ground = Box(0, 0, wide, high, radius=10, open=True, ground=True, **tones)
    shapes = (ground, *sheet.shapes)
    return Picture(width=wide, height=high, shapes=shapes, inside=((at, body),))


def apart(hero: Hero, wide: float) -> bool:
    """Whether its pictures stand side by side, and its wiring has an inset of its own."""
    return wide >= TWO and len(panels(hero.variants)) == 2


def _side_by_side(
    sheet: Sheet, shown: list[Panel], y: float, wide: float, colour: Colour
) -> Picture:
    """Two pictures with their sentences, a rule between them."""
    each, lows = wide / 2, []
    for index, panel in enumerate(shown):
        part = Sheet()
        lows.append(_stacked(part, [panel], y + 4, each))
        sheet.place(part, index * each, 0)
    low = max(lows)
    sheet.rule(Point(each, y + 8), Point(each, low - 12), role=f"{colour}.edge")
    tones = {"fill": f"{colour}.tint", "edge": f"{colour}.edge"}
    ground = Box(0, 0, wide, low + 4, radius=10, open=True, ground=True, **tones)
    return Picture(width=wide, height=low + 4, shapes=(ground, *sheet.shapes))


def _weight(use: Use) -> tuple[bool, int]:
    """Wiring that borrows nothing shows more; then that of most layers."""
    borrows = "shared_kv" in use.variants[0].block.facts
    return not borrows, sum(variant.count for variant in use.variants)


def _title(sheet: Sheet, hero: Hero, plan: Plan, wide: float) -> float:
    """Its name, and in which layers it is; gives back where the next thing may begin."""
    colour = hero.colour
    sheet.put(square(16, 15, f"{colour}.solid", 12, 2))
    size = fitting(hero.title, wide - 60, (18.0, 17.0, 16.0, 15.0), 600)
    named = sheet.label(38, 27, hero.title, size=size, weight=600, role=f"{colour}.text")
    place = where(hero.layers, plan.depth)
    if named.bounds.right + 8.0 * len(place) < wide:
        sheet.label(wide - 16, 26, place, size=13, anchor="end")
        return 42.0
    sheet.label(38, 46, place, size=13)
    return 60.0


def _stacked(sheet: Sheet, shown: Iterable[Panel], y: float, wide: float) -> float:
    """Each picture with its sentences under it."""
    for panel in shown:
        y = panel.draw(sheet, wide, y) + 20
        y = prose(sheet, 16, y, wide - 32, panel.words, 15) + 4
    return y
