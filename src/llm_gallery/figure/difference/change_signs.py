"""The four signs of a difference, told apart by form: = kept, ◆ changed, ⊕ added, ⊖ removed."""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.analysis.units import short
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark
from llm_gallery.figure.kit.text import width


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


def tag(sheet: Sheet, x: float, y: float, kind: Kind) -> None:
    """What became of a part: a dark label that the eye finds first; what is kept stays quiet."""
    if kind == "kept":
        sheet.put(sign(x + 5, y - 4, kind))
        sheet.label(x + 16, y, kind, size=12)
        return
    box = Box(x, y - 13.5, width(kind, 12, 600) + 31, 19, radius=9.5, fill="ink", labelled=True)
    sheet.put(box, sign(x + 12.5, y - 4, kind, "paper"))
    sheet.label(x + 22, y, kind, size=12, weight=600, role="paper", inside=box.bounds)


def arrow(x: float, y: float, role: str = "muted") -> Mark:
    """The arrow from the old to the new, 12 px long, its middle line at y."""
    return Mark(x, y, "h12m-3.25 -2.75l3.25 2.75l-3.25 2.75", width=12, stroke=role)


def legend(sheet: Sheet, x: float, y: float) -> float:
    """The signs with their words on a line; gives the end back."""
    kinds: tuple[Kind, ...] = ("kept", "changed", "added", "removed")
    for kind in kinds:
        sheet.put(sign(x + 5, y - 4, kind))
        sheet.label(x + 16, y, kind, size=11.5)
        x += 16 + width(kind, 11.5) + 20
    return x


def signed(count: int, spell: Callable[[int], str] = short) -> str:
    """A change with its sign: "+ 360.92B", "− 5.24B"."""
    return f"{'+' if count >= 0 else '−'} {spell(abs(count))}"
