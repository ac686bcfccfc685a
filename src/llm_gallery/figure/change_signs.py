"""The four signs of a difference, told apart by form: = kept, ◆ changed, ⊕ came, ⊖ left."""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import width

WORDS: dict[Kind, str] = {"changed": "changed", "added": "came", "removed": "left", "kept": "kept"}
"""What a sign says, in the legend's order."""
GONE = "block that left"


def sign(x: float, y: float, kind: Kind, role: str = "ink") -> Mark:
    """The sign with its middle at a point; what is kept is muted whatever the role."""
    if kind == "changed":
        return Mark(x, y - 4.5, "l4.5 4.5l-4.5 4.5l-4.5 -4.5z", height=9, fill=role)
    if kind == "kept":
        path = "m-3 -1.75h6m-6 3.5h6"
        return Mark(x, y, path, stroke="muted", thickness=1.1)
    ring = "m-4.75 0a4.75 4.75 0 1 0 9.5 0a4.75 4.75 0 1 0 -9.5 0m2.25 0h5"
    path = f"{ring}m-2.5 -2.5v5" if kind == "added" else ring
    return Mark(x, y, path, stroke=role, thickness=1.3)


def seal(sheet: Sheet, x: float, y: float, kind: Kind) -> None:
    """The sign on a corner of a block, on a ground of its own; what is kept has none."""
    if kind != "kept":
        sheet.put(dot(x, y, "paper", 7.5), sign(x, y, kind))


def arrow(x: float, y: float, long: float = 26.0) -> Mark:
    """The arrow from the old model's name to the new one's, its middle line at y."""
    return Mark(x, y, f"h{long:g}m-7 -5.5l7 5.5l-7 5.5", width=long, stroke="ink", thickness=2)


def legend(sheet: Sheet, x: float, y: float, dashed: bool) -> float:
    """The signs with their words on a line, `dashed` with the border of what left; gives the end back."""
    for kind, words in WORDS.items():
        sheet.put(sign(x + 5, y - 4, kind))
        sheet.label(x + 16, y, words, size=12)
        x += 16 + width(words, 12) + 18
    if dashed:
        tint, edge = "norm.tint", "norm.text"
        sheet.put(Box(x, y - 11, 18, 13, radius=4, fill=tint, edge=edge, dashed=True))
        sheet.label(x + 25, y, GONE, size=12)
        x += 25 + width(GONE, 12) + 18
    return x


def signed(count: int, spell: Callable[[int], str]) -> str:
    """A change with its sign: "+ 360.92B", "− 5.24B"."""
    return f"{'+' if count >= 0 else '−'} {spell(abs(count))}"
