"""The schedule strip: one cell a layer, input at the left; above what mixes tokens, below what mixes channels."""

from __future__ import annotations

from itertools import groupby
from typing import Literal

from markupsafe import Markup

from llm_gallery.architecture.block import Block, channel_mixer, distinct_layers, layers, mixer
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour

PITCH, HEIGHT = 10, 16
Place = Literal["upper", "lower", "whole"]
MIDDLE: dict[Place, float] = {"upper": 5, "lower": 13.5, "whole": 8}
"""Where a row of cells lies; its height is that of its stroke, 10, 5 or 16, and the style sheet's."""


def strip(root: Block, title: str) -> Markup:
    """The strip as SVG that stretches to the width of its box; colours come from the page's classes.

    Cells of one colour are one path, a line for each run of layers: the style sheet dashes it into cells.
    """
    stack = layers(root)
    known = {id(layer): dict(_cells(layer)) for layer in distinct_layers(root)}
    rows = [known[id(layer)] for layer in stack]
    runs: dict[tuple[Colour, Place], list[str]] = {}
    for place, y in MIDDLE.items():
        start = 0
        for colour, group in groupby(row.get(place) for row in rows):
            length = len([*group])
            if colour is not None:
                path = f"M{start * PITCH} {y:g}h{length * PITCH - 1}"
                runs.setdefault((colour, place), []).append(path)
            start += length
    paths = Markup("").join(
        Markup('<path class="{} {}" d="{}"/>').format(colour, place, "".join(pieces))
        for (colour, place), pieces in runs.items()
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(max(1, len(stack) * PITCH - 1), HEIGHT, title, paths)


def _cells(layer: Block) -> list[tuple[Place, Colour]]:
    """Two cells, or one over the whole height where a layer has only one of the two mixers."""
    tokens, channels = mixer(layer), channel_mixer(layer)
    if tokens is not None and channels is not None:
        return [("upper", colour_of(tokens)), ("lower", colour_of(channels))]
    only = tokens if tokens is not None else channels
    return [] if only is None else [("whole", colour_of(only))]
