"""Insets in rows: a mechanism's drawing on its ground, under its title, as high as its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.figure import internals
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Inset, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import cut, width
from llm_gallery.figure.plan.plan import Plan, Use

TITLE, FOOT = 30.0, 10.0
"""Px above and under the drawing."""


@dataclass(frozen=True, slots=True)
class SizedInset:
    """An inset that has its width, and the use that it shows."""

    use: Use
    inset: Inset
    width: float

    @property
    def height(self) -> float:
        """Px that it needs."""
        return TITLE + self.inset.body.height + FOOT


def sized_inset(
    use: Use, shown: Plan, wide: float, full: bool, *, together: bool = False
) -> SizedInset:
    """The inset of a mechanism at a width."""
    variants = sorted(use.variants, key=lambda variant: variant.layers[:1])
    held_by = sorted(layer for variant in variants for layer in variant.layers)
    made = internals.inset(
        variants[0].path,
        tuple((variant.block, variant.count) for variant in variants),
        wide,
        where(held_by, shown.depth),
        full,
        alone=not together and not any(u.variants[0].block.is_mlp for u in shown.uses),
    )
    return SizedInset(use, made, wide)


def where(layers: list[int], depth: int) -> str:
    """ "in all 48 layers", "in layers 1 to 3", "in 12 of 48 layers"."""
    if not layers:
        return "before the layers"
    count = len(layers)
    if count == depth:
        return f"in all {depth:,} layers" if depth > 1 else "in the one layer"
    if count == 1:
        return f"in layer {layers[0] + 1:,}"
    if layers[-1] - layers[0] + 1 == count:
        return f"in layers {layers[0] + 1:,} to {layers[-1] + 1:,}"
    return f"in {count:,} of {depth:,} layers"


@dataclass(frozen=True, slots=True)
class Standing:
    """An inset in its place, as high as its neighbours."""

    sized: SizedInset
    corner: Point
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.corner.y + self.height

    @property
    def placed(self) -> tuple[Point, Picture]:
        """Its corner and its picture."""
        return self.corner, picture(self.sized, self.height)


def picture(sized: SizedInset, high: float) -> Picture:
    """The inset at its full height, its drawing in the middle of what the title leaves."""
    inset, wide = sized.inset, sized.width
    tone, sheet = inset.mechanism, Sheet()
    fill, edge = f"{tone}.tint", f"{tone}.edge"
    sheet.put(Box(0, 0, wide, high, radius=8, fill=fill, edge=edge, open=True, ground=True))
    sheet.put(square(14, 14, f"{tone}.solid"))
    title = cut(inset.title, wide - 60, 13, 600)
    named = sheet.label(30, 22.5, title, size=13, weight=600, role=f"{tone}.text")
    if note := _fitting(inset.note, wide - 14 - named.x - named.width - 18):
        sheet.label(wide - 14, 22.5, note, size=12, anchor="end")
    at = Point(0, TITLE + (high - sized.height) / 2)
    shapes, inside = tuple(sheet.shapes), ((at, inset.body),)
    return Picture(width=wide, height=high, shapes=shapes, inside=inside)


def _fitting(note: str, room: float) -> str:
    """The note, less its first phrases where it is too long: where the layers are is said last."""
    phrases = note.split(", ")
    while phrases and width(", ".join(phrases), 12) > room:
        phrases = phrases[1:]
    return ", ".join(phrases)


def rows(
    uses: list[Use], shown: Plan, wide: float, gutter: float, full: bool
) -> list[list[SizedInset]]:
    """Uses in rows of at most two, each row as wide as it may be."""
    rows = []
    for start in range(0, len(uses), 2):
        row = uses[start : start + 2]
        each = (wide - gutter * (len(row) - 1)) / len(row)
        rows.append([sized_inset(use, shown, each, full) for use in row])
    return rows
