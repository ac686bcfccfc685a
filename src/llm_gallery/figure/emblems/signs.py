"""Signs that emblems share: an arrow, what is done in a ring, a picture."""

from __future__ import annotations

from typing import Literal

from llm_gallery.figure.emblems.ink import (
    THICK,
    Inks,
    Marks,
    areas,
    discs,
    frames,
    lines,
    rings,
    tips,
)
from llm_gallery.figure.kit.traces import At

Kind = Literal["+", "-", "×"]
"""What is added, taken out, or multiplied."""
HILLS = (0.1, 0.88), (0.36, 0.42), (0.56, 0.7), (0.7, 0.54), (0.9, 0.88)
"""In a picture, by shares of its sides."""


def sign(kind: Kind, middle: At, role: str, radius: float = 7) -> Marks:
    """A plus, a minus or a product in a ring."""
    x, y = middle
    reach = radius * 0.55
    level, upright = ((x - reach, y), (x + reach, y)), ((x, y - reach), (x, y + reach))
    slant = reach * 0.75
    strokes = {
        "+": (level, upright),
        "-": (level,),
        "×": (
            ((x - slant, y - slant), (x + slant, y + slant)),
            ((x - slant, y + slant), (x + slant, y - slant)),
        ),
    }[kind]
    return (*rings([middle], radius, role, "paper"), *lines(*strokes, role=role))


def arrow(*along: At, role: str, thick: float = THICK, size: float = 4) -> Marks:
    """A line whose end has a head."""
    (a, b), (x, y) = along[-2:]
    long = ((x - a) ** 2 + (y - b) ** 2) ** 0.5
    way = (x - a) / long, (y - b) / long
    stop = x - way[0] * size, y - way[1] * size
    return (
        *lines((*along[:-1], stop), role=role, thick=thick),
        *tips(((x, y), way), role=role, size=size),
    )


def picture(ink: Inks, left: float, top: float, wide: float, high: float) -> Marks:
    """A framed landscape, as signs for images show one."""

    def at(x: float, y: float) -> At:
        return left + x * wide, top + y * high

    return (
        *areas([at(x, y) for x, y in HILLS], role=ink.faint),
        *discs([at(0.72, 0.28)], high * 0.1, ink.strong),
        *frames([(left, top)], wide, high, ink.strong),
    )
