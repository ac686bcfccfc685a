"""The accent of what is new, in place: an outline in ink and a black tag, on any colour and in any theme."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet, Words, centred
from llm_gallery.figure.kit.shapes import Bounds, Box
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms.colour import Tone

NEW, SIZE, HIGH = "NEW", 11.0, 16.0
"""What the tag says, px of its type and of its height."""
TAG_WIDTH = 44.0
"""Px that it takes beside a title with its gap."""
LINE, RING = 2.0, 3.5
"""Px of the outline, and round a block from its edge to the outline's middle."""


def outline(tone: Tone, *, new: bool) -> tuple[str, float]:
    """The edge of a plate and its thickness."""
    return ("ink", LINE) if new else (f"{tone}.edge", 1.0)


def ring(box: Box) -> Box:
    """The outline round a block that is new."""
    x, y, wide, high = box.x - RING, box.y - RING, box.width + 2 * RING, box.height + 2 * RING
    return Box(x, y, wide, high, radius=box.radius + RING, edge="ink", line=LINE, open=True)


def tag(sheet: Sheet, x: float, middle: float) -> Bounds:
    """The tag from x on; gives back where it stands."""
    wide = width(NEW, SIZE, 600) + 9
    box = Box(x, middle - HIGH / 2, wide, HIGH, radius=4, fill="ink", labelled=True)
    sheet.put(box, *centred(box, "paper", Words(0.36 * SIZE, NEW, SIZE, 600)))
    return box.bounds
