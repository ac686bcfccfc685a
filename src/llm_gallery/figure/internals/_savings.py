"""The side panel that says what attention keeps of a token, beside what it would keep unshared."""

from __future__ import annotations

from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import counted
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.text import cut, width

PANEL = 216.0
"""Px that the panel takes."""
HEIGHT = 286.0


def savings(
    sheet: Board, high: float, *, kept: tuple[int, str], whole: int, otherwise: tuple[str, str]
) -> float:
    """Two numbers with bars to one scale, and their ratio; gives back the height that is needed.

    `kept` is a count and what it is made of, `whole` the count without sharing, `otherwise` says of what.
    """
    high, right, colour = sheet.raised(high, HEIGHT), sheet.use.width, sheet.colour
    x, room, count = right - PANEL + 40, PANEL - 40 - MARGIN, kept[0]
    top = sheet.panel(x, high, "What it saves", 22)
    sheet.label(x, top + 30, "Kept per token and layer")
    number = sheet.label(x, top + 64, counted(count, room, 25), size=25, weight=600, role="ink")
    end = number.bounds.right + 8
    if end + width(kept[1], 11.5) <= right - 4:
        sheet.label(end, top + 64, kept[1])
    largest = max(count, whole)
    _bar(sheet, x, top + 74, max(2.5, room * count / largest), f"{colour}.solid")
    sheet.label(x, top + 122, counted(whole, room, 25), size=25, weight=600, role="muted")
    _bar(sheet, x, top + 132, max(2.5, room * whole / largest), f"{colour}.edge")
    for i, line in enumerate(otherwise):
        sheet.label(x, top + 163 + 16 * i, cut(line, room + 12, 11.5))
    if whole >= 2 * count:
        ratio = cut(f"1 / {whole / count:,.0f}", room, 25, 600)
        sheet.label(x, top + 226, ratio, size=25, weight=600, role=f"{colour}.text")
        sheet.label(x, top + 244, "of the cache")
    return high


def _bar(sheet: Sheet, x: float, y: float, wide: float, role: str) -> None:
    sheet.put(Box(x=x, y=y, width=wide, height=12, radius=1, fill=role, open=True))
