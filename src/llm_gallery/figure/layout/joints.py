"""Which block is led to which plate: each that has one, from the first frame that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.kit.shapes import Bounds, Picture, Point
from llm_gallery.figure.layout.items import Item
from llm_gallery.figure.layout.leaders import Plated
from llm_gallery.figure.layout.starts import Start, starts, whole
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import tone


def joints(
    placed: Sequence[tuple[Point, Picture]], shows: Sequence[Item]
) -> tuple[list[tuple[Start, Plated]], list[Bounds]]:
    """Pairs of a block and its plate, and all that stands on the page; `shows` says what each of the placed is."""
    standing = [Bounds(at.x, at.y, at.x + one.width, at.y + one.height) for at, one in placed]
    plates = [
        plate
        for bounds, item in zip(standing, shows, strict=True)
        if (plate := _plate(bounds, item)) is not None
    ]
    frames = [at for at, item in zip(placed, shows, strict=True) if item.layers is not None]
    pairs = [(whole(*frames[0]), plate) for plate in plates if plate.whole]
    joined = set[str]()
    for frame in frames:
        wanted = [plate.paths - joined for plate in plates]
        for plate, found in zip(plates, starts(*frame, wanted), strict=True):
            pairs += ((start, plate) for start in found)
            joined |= plate.paths if found else set()
    return pairs, standing


def _plate(bounds: Bounds, item: Item) -> Plated | None:
    """A plate with the paths of what it shows; an indexer is inside its attention, which has a plate."""
    if item.layers is not None or item.indexer:
        return None
    uses = item.told.hero.uses if item.told is not None else (item.use,)
    variants = [variant for use in uses if use is not None for variant in use.variants]
    if not variants:
        colour = item.told.colour if item.told is not None else "wiring"
        return Plated(bounds, frozenset(), colour, whole=True)
    most = max(variants, key=lambda variant: variant.count)
    paths = frozenset(variant.path for variant in variants)
    return Plated(bounds, paths, tone(colour_of(most.block)))
