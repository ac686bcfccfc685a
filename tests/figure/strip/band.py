"""The band of a model at a width, for the tests of what stands on it."""

from __future__ import annotations

from functools import cache

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, Shape, Text
from llm_gallery.figure.strip import depth_band
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.plan.planning import plan
from tests.figure.gates import words

WIDTHS = (1200, 800, 400)


def band(
    architecture: Architecture, wide: int, *, large: bool = False, full: bool = False
) -> tuple[Strip, tuple[Shape, ...], Picture]:
    """Where the strip stands, what is on the band, and all of it with the lens."""
    shown, sheet, root = plan(architecture.root), Sheet(), architecture.root
    if wide == 400:
        place, low = depth_band.narrow(
            sheet, architecture, shown, 16, 384, 30, token=46, channel=13
        )
    else:
        right = wide - 40
        place, low = depth_band.band(
            sheet, architecture, shown, 40, right, 30, token=52, channel=15, large=large, full=full
        )
    frame = Bounds(40, low + 30, 340, low + 200)
    glass = depth_band.lens(shown, root, place, frame, small=wide == 400)
    picture = Picture(width=wide, height=low + 220, shapes=(*glass, *sheet.shapes))
    return place, tuple(sheet.shapes), picture


@cache
def wide(name: str) -> tuple[Strip, tuple[Shape, ...], Picture]:
    """The band of a model of the catalog, 1,200 px wide."""
    return band(find(name).architecture, 1200)


def chips(shapes: tuple[Shape, ...]) -> list[str]:
    """What the dark signs of scalars say."""
    boxes = [shape.bounds for shape in shapes if isinstance(shape, Box) and shape.fill == "ink"]
    return [words(text) for text in texts(shapes) if text.inside in boxes]


def texts(shapes: tuple[Shape, ...]) -> list[Text]:
    """All that is written."""
    return [shape for shape in shapes if isinstance(shape, Text)]
