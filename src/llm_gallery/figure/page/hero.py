"""What leads a figure: the mechanism by which a model keeps and reads the past, with a picture and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import fitting
from llm_gallery.figure.model.insets import sized_inset, where
from llm_gallery.figure.model.plan import Plan, Use, Variant
from llm_gallery.figure.page.pictures import picture_of
from llm_gallery.figure.page.prose import prose
from llm_gallery.mechanisms import colour_of


def leading(root: Block, plan: Plan) -> Use | None:
    """The mechanism that leads: what reads the past, not by plain attention where there is another way.

    Of several, the one in most layers; where nothing reads the past, what has most parameters.
    """
    tokens = [use for use in plan.uses if use.token and use.slots]
    others = [use for use in tokens if _rank(use)] or tokens or [u for u in plan.uses if u.slots]
    if not others:
        return None
    counts = parameters(root)
    del counts
    return max(others, key=lambda use: (sum(variant.count for variant in use.variants), _rank(use)))


def _rank(use: Use) -> int:
    """1 for whatever isn't plain attention."""
    block = use.variants[0].block
    return int(block.kind != "attention" and block.mixes)


def hero(use: Use, plan: Plan, wide: float) -> Picture:
    """The inset of what leads: title, picture, sentences, wiring, one under another."""
    variants = sorted(use.variants, key=lambda variant: variant.layers[:1])
    block = variants[0].block
    colour, sheet = colour_of(block), Sheet()
    title = mechanisms.names(block).full
    name = str(title(block) if callable(title) else title)
    held_by = sorted(layer for variant in variants for layer in variant.layers)
    place = where(held_by, plan.depth)
    sheet.put(square(16, 15, f"{colour}.solid", 12, 2))
    size = fitting(name, wide - 60, (18.0, 17.0, 16.0, 15.0), 600)
    label = sheet.label(38, 27, name, size=size, weight=600, role=f"{colour}.text")
    y = 36.0
    if label.bounds.right + 130 < wide:
        sheet.label(wide - 16, 26, place, size=13, anchor="end")
    else:
        sheet.label(38, 45, place, size=13)
        y = 54.0
    y = picture_of(variants)(sheet, variants, wide, y) + 24
    for words in _sentences(variants):
        y = prose(sheet, 16, y, wide - 32, words, 15) + 3
    inset = sized_inset(use, plan, wide, False).inset
    at = Point(0, y - 8)
    high = at.y + inset.body.height + 14
    fill, edge = f"{colour}.tint", f"{colour}.edge"
    ground = Box(0, 0, wide, high, radius=10, fill=fill, edge=edge, open=True, ground=True)
    return Picture(
        width=wide, height=high, shapes=(ground, *sheet.shapes), inside=((at, inset.body),)
    )


def _sentences(variants: Sequence[Variant]) -> list[str]:
    """What each variant says of itself, what all say once."""
    return list(dict.fromkeys(mechanisms.told(variant.block) for variant in variants))[:3]
