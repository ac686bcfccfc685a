"""Blocks and words that fit their room: the first of several forms, in type as small as it must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

from llm_gallery.analysis.units import short
from llm_gallery.figure.kit.blocks import (
    MATRIX,
    PILL,
    SHAPE_SIZES,
    Node,
    Settings,
    Sheet,
    Words,
    block_width,
    centred,
    pill,
    trapezoid,
    with_shape,
)
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.kit.text import Content, Weight, cut, fit, spans, width, wrap
from llm_gallery.figure.kit.text import fitting as fit_size
from llm_gallery.mechanisms.colour import Colour

SMALL, SMALLEST = 12.0, 10.5
"""Px of the type of remarks, and of what must be squeezed in."""
SIZES = (12.0, 11.5, 11.0, 10.5)
"""Px from the one to the other."""

ON_HERO = 12.0
"""Px that text on a full block leaves free: in print, a stripe stands at its left edge."""


def product(*counts: int) -> str:
    """Counts with their digits in threes, as a product."""
    return " × ".join(f"{count:,}" for count in counts)


def counted(count: int, room: float, size: float) -> str:
    """A headline number: all its digits where there is room for them."""
    digits = f"{count:,}"
    if width(digits, size, 600) <= room:
        return digits
    return cut(short(count), room, size, 600)


def arrow(inputs: int | str, outputs: int | str) -> str:
    """The change of width of a projection: "2,048 → 512"."""
    shown = [f"{side:,}" if isinstance(side, int) else side for side in (inputs, outputs)]
    return " → ".join(shown).strip()


def fitting(names: Sequence[Content], forms: Iterable[Sequence[str]], room: float) -> Sequence[str]:
    """The first form of the shapes in which every block keeps to its room; else what fits of the last."""
    shapes: Sequence[str] = [""] * len(names)
    for shapes in forms:
        if all(_fits(name, shape, room) for name, shape in zip(names, shapes, strict=True)):
            return shapes
    pairs = zip(names, shapes, strict=True)
    return [shape if _fits(name, shape, room) else "" for name, shape in pairs]


def fit_shape(name: Content, forms: Sequence[str], room: float) -> str:
    """The first shape with which one matrix keeps to its room; none where no one does."""
    return fitting([name], [[shape] for shape in forms], room)[0]


def _fits(name: Content, shape: str, room: float) -> bool:
    return block_width(name, shape, small=SHAPE_SIZES[-1]) - 13 <= room


class Sized(TypedDict, total=False):
    """What a block is given that finds its type itself: px of its height, what it answers."""

    high: float
    about: About | None


class Counted(Sized, total=False):
    """What a slanted matrix is given: its parameters too, where they are said."""

    count: str


class Snug(Sized, total=False):
    """What a snug pill is given: px of its largest type too, and its looks."""

    size: float
    tight: bool
    dashed: bool


def snug(
    x: float,
    y: float,
    sayings: Sequence[tuple[str, str]],
    mechanism: Colour,
    room: float,
    **given: Unpack[Snug],
) -> Node:
    """A pill as broad as its room, or as its text where `tight`, with the first saying that it can hold."""
    *sizes, least = _sizes(given.get("size", 12))
    fits = (
        (words, at)
        for some in (sizes, [least])  # rather a shorter saying than the smallest type
        for name, note in sayings
        for at in some
        for small in (SHAPE_SIZES if note else SHAPE_SIZES[:1])
        if width(words := with_shape(name, note, min(at, small)), at, 500) <= room - 6
    )
    words, at = next(fits, None) or (spans(cut(sayings[-1][0], room - 6, SMALLEST, 500)), SMALLEST)
    wide = min(room, block_width(words, size=at)) if given.get("tight") else room
    look = Settings(wide=wide, high=given.get("high", PILL), size=at, about=given.get("about"))
    return pill(x, y, words, mechanism, dashed=given.get("dashed", False), **look)


def slanted(
    x: float,
    y: float,
    inputs: int,
    outputs: int | str,
    mechanism: Colour,
    *,
    wide: float,
    narrowing: bool,
    **given: Unpack[Counted],
) -> Node:
    """A trapezoid with the change of width that it makes, in type as small as it must be."""
    # Over its parameters, the shape stands where a block that narrows is narrower than in its middle.
    room = wide - min(22.0, wide / 5) - (14 if given.get("count") and narrowing else 6)
    plain = f"{outputs:,}" if isinstance(outputs, int) else outputs
    forms = [arrow(inputs, outputs), arrow("", outputs), plain]
    last = cut(plain, room, SMALLEST, 500)
    *sizes, least = _sizes(12)  # rather the result alone than both in the smallest type
    fitted = fit(forms, room, sizes, 500) or fit(forms, room, [least], 500)
    text, size = fitted or (last, SMALLEST)
    tall: Counted = {"high": MATRIX, **given}
    return trapezoid(x, y, text, mechanism, narrowing=narrowing, wide=wide, size=size, **tall)


def _sizes(largest: float) -> list[float]:
    """Sizes of type from the largest down, by half pixels."""
    return [largest - step / 2 for step in range(int(2 * (largest - SMALLEST)) + 1)]


def beside(sheet: Sheet, node: Node, remarks: Sequence[str], end: float) -> None:
    """The first remark that fits in two lines to the right of a block, up to `end`, if any does."""
    room = end - node.right.x - 10
    broken = [wrap(words, room, SMALL) for words in remarks if words]
    whole = (lines for lines in broken if not any("…" in line for line in lines))
    lines = next(whole, ())
    for i, line in enumerate(lines):
        y = node.right.y + 0.36 * SMALL + 12 * (i - (len(lines) - 1) / 2)
        sheet.label(node.right.x + 6, y, line, size=SMALL)


def on_hero(
    sheet: Sheet,
    node: Node,
    down: float,
    words: Content,
    mechanism: Colour,
    *,
    size: float = 14,
    weight: Weight = 500,
) -> None:
    """Text on a full block, so far below its middle, smaller where the block is too narrow."""
    size = fit_size(words, node.box.width - ON_HERO, _sizes(size), weight)
    line = Words(down + 0.36 * size, words, size, weight)
    sheet.put(*centred(node.box, f"{mechanism}.on", line))
