"""What is told second as an inset like the others, with its picture and its sentences."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.figure.internals.insets import SizedInset, sized_inset, where
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.lead.hero_plate import SHARE, TWO, Told, stacked
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.figure.pictures import Panel
from llm_gallery.novelty.leading import Hero
from llm_gallery.plan.naming import heading


def as_inset(told: Told, wide: float, *, pictured: bool = True) -> SizedInset:
    """What is told second: an inset like the others, with its picture and sentences over the wiring."""
    hero, sheet = told.hero, Sheet()
    use = None if told.unwired else hero.wiring
    if use is None:
        low = stacked(sheet, panels_of(hero), 2, wide)
        body = sheet.picture(wide, low)
        note = told.note or where(hero.layers, told.plan.depth)
        title, beside = heading(hero.title, hero.named, told.plan.naming)
        made = Inset(
            title=title,
            note=note,
            mechanism=told.colour,
            body=body,
            beside=beside,
            new=told.is_new,
        )
        return SizedInset(made, wide)
    left = SHARE * wide if wide >= TWO else 0.0
    pictured = pictured and not (_repeats(hero) and not left)
    inner = sized_inset(
        use, told.plan, wide - left, told.full, together=True, split=told.split, pictured=pictured
    ).inset
    drawn = [p if pictured else p._replace(draw=None) for p in panels_of(hero)[:1]]
    low = stacked(sheet, drawn, 2, left or wide)
    if left:
        high, panel, sheet = max(low, inner.body.height), sheet, Sheet()
        sheet.place(panel, 0, (high - low) / 2)
        sheet.hold(left, (high - inner.body.height) / 2, inner.body)
    else:
        high = low - 8 + inner.body.height
        sheet.hold(0, low - 8, inner.body)
    made = replace(
        inner, note=told.note or inner.note, body=sheet.picture(wide, high), new=told.is_new
    )
    return SizedInset(made, wide)


def under_picture(sized: SizedInset, panel: Panel) -> SizedInset:
    """An inset with a picture over its wiring."""
    sheet, inset = Sheet(), sized.inset
    low = stacked(sheet, [panel], 2, sized.width) - 12
    sheet.hold(0, low, inset.body)
    body = sheet.picture(sized.width, low + inset.body.height)
    return SizedInset(replace(inset, body=body), sized.width)


def _repeats(hero: Hero) -> bool:
    """Whether its wiring shows the same picture: a mixture's experts."""
    return hero.variants[0].block.is_mixture
