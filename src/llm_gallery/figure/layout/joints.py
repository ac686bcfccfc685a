"""Which block is led to which plate: each that has one, from the first frame that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.shapes import Bounds, Picture, Point
from llm_gallery.figure.layout.items import Item
from llm_gallery.figure.layout.leaders import Plated
from llm_gallery.figure.layout.starts import Start, Wanted, starts, whole
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import tone
from llm_gallery.plan.place import Choice, Variant
from llm_gallery.plan.plan import OneLayer

TAIL, TAILS = 9.0, 90.0
"""Px that streams run on over and under a frame, and within which of its left edge they are."""


def joints(
    placed: Sequence[tuple[Point, Picture]], shows: Sequence[Item]
) -> tuple[list[tuple[Start, Plated]], list[Bounds]]:
    """Pairs of a block and its plate, and all that stands on the page; `shows` says what each of the placed is."""
    standing = [Bounds(at.x, at.y, at.x + one.width, at.y + one.height) for at, one in placed]
    tails = [
        Bounds(left, top - TAIL, left + TAILS, bottom + TAIL)
        for (left, top, _, bottom), item in zip(standing, shows, strict=True)
        if item.layers is not None
    ]
    plates = [
        plate
        for bounds, item in zip(standing, shows, strict=True)
        if (plate := _plate(bounds, item)) is not None
    ]
    frames = [
        (at, item.layers) for at, item in zip(placed, shows, strict=True) if item.layers is not None
    ]
    pairs = [(whole(*frames[0][0]), plate) for plate in plates if not plate.variants]
    joined = set[Bounds]()
    for (at, frame), layers in frames:
        wanted = [
            Wanted(set() if plate.bounds in joined else _paths(layers, plate), plate.wiring)
            for plate in plates
        ]
        for plate, found in zip(plates, starts(at, frame, wanted), strict=True):
            pairs += ((start, plate) for start in found)
            if found:
                joined.add(plate.bounds)
    first = whole(*frames[0][0])
    pairs += ((first, plate) for plate in plates if plate.wiring and plate.bounds not in joined)
    return pairs, [*standing, *tails]


def _paths(layers: OneLayer, plate: Plated) -> set[str]:
    """The paths under which the blocks of a plate stand in the frame of some layers."""
    held = plate.variants
    own = {variant.path for variant in held}
    return own | {
        choice.path
        for place in layers.places
        for choice in place.choices
        if any(choice.block.kind == one.block.kind and _share(choice, one) for one in held)
    }


def _share(choice: Choice, variant: Variant) -> bool:
    return not set(choice.all_layers).isdisjoint(variant.layers)


def _plate(bounds: Bounds, item: Item) -> Plated | None:
    """A plate with the blocks that it shows; an indexer is inside its attention, which has a plate."""
    if item.layers is not None or item.indexer:
        return None
    uses = item.told.hero.uses if item.told is not None else (item.use,)
    variants = [variant for use in uses if use is not None for variant in use.variants]
    if not variants:
        colour = item.told.colour if item.told is not None else "wiring"
        return Plated(bounds, colour)
    most = max(variants, key=lambda variant: variant.count)
    wiring = "residual" in most.block.facts
    return Plated(bounds, tone(colour_of(most.block)), tuple(variants), wiring)
