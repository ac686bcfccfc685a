"""A figure from the top down, at every width: what it is called, all layers, what they hold, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture

Part = Callable[[Sheet, float], float]
"""Draws a part on a sheet from a height down, and gives back where it ends."""


class Parts(NamedTuple):
    """The parts of a figure, in the order in which they stand under one another: the only place that says it."""

    head: Part
    strip: Part
    body: Part
    foot: Part


def stacked(parts: Parts, width: float) -> Picture:
    """The parts under one another."""
    sheet, y = Sheet(), 0.0
    for part in parts:
        y = part(sheet, y)
    return sheet.picture(width, round(y))
