"""The four signs of a difference, told apart by form: = kept, ◆ changed, ⊕ added, ⊖ removed."""

from __future__ import annotations

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.blocks import Sheet
from llm_gallery.figure.shapes import Mark
from llm_gallery.figure.text import width

SIDE = 11.0
"""Px that a sign takes."""


def sign(x: float, y: float, kind: Kind) -> Mark:
    """The sign with its middle at a point."""
    if kind == "changed":
        return Mark(
            x=x, y=y - 4.5, width=0, height=9, path="l4.5 4.5l-4.5 4.5l-4.5 -4.5z", fill="ink"
        )
    if kind == "kept":
        path = "m-3 -1.75h6m-6 3.5h6"
        return Mark(x=x, y=y, width=0, height=0, path=path, stroke="muted", thickness=1.1)
    ring = "m-4.75 0a4.75 4.75 0 1 0 9.5 0a4.75 4.75 0 1 0 -9.5 0m2.25 0h5"
    path = f"{ring}m-2.5 -2.5v5" if kind == "added" else ring
    return Mark(x=x, y=y, width=0, height=0, path=path, stroke="ink", thickness=1.3)


def arrow(x: float, y: float, role: str = "muted") -> Mark:
    """The arrow from the old to the new, 12 px long, its middle line at y."""
    return Mark(
        x=x, y=y, width=12, height=0, path="h12m-3.25 -2.75l3.25 2.75l-3.25 2.75", stroke=role
    )


def legend(sheet: Sheet, x: float, y: float) -> float:
    """The signs with their words on a line; gives the end back."""
    kinds: tuple[Kind, ...] = ("kept", "changed", "added", "removed")
    for kind in kinds:
        sheet.put(sign(x + 5, y - 4, kind))
        sheet.label(x + 16, y, kind, size=11.5)
        x += 16 + width(kind, 11.5) + 20
    return x
