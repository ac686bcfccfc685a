"""A date axis as drawn: hairlines where years and quarters begin, their labels, and the break."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.blocks import Sheet
from llm_gallery.figure.dates import Axis
from llm_gallery.figure.shapes import Bounds, Line, Point, Text


def put(sheet: Sheet, dates: Axis, top: float, bottom: float, texts: Sequence[Text]) -> None:
    """Hairlines where years and quarters begin, interrupted by names; their labels below; the break."""
    spans = [text.bounds for text in texts]
    for year, x in dates.years():
        _upright(sheet, x, top, bottom, spans, "frame")
        sheet.label(x, bottom + 18, f"{year}", size=12, weight=600, role="ink", anchor="middle")
    for said, x in dates.quarters():
        _upright(sheet, x, top, bottom, spans, "hairline")
        sheet.label(x, bottom + 18, said, size=11, anchor="middle")
    if dates.broken is not None:
        x = dates.broken - 30
        for dx in (0.0, 4.0):
            sheet.put(
                Line(
                    points=(Point(x + dx, bottom + 17), Point(x + dx + 4, bottom + 9)),
                    kind="rule",
                    role="muted",
                    thickness=1,
                )
            )


def _upright(
    sheet: Sheet, x: float, top: float, bottom: float, spans: Sequence[Bounds], role: str
) -> None:
    at = top
    for span in sorted((s for s in spans if s.left - 3 < x < s.right + 3), key=lambda s: s.top):
        if span.top - 3 > at:
            sheet.put(_rule(Point(x, at), Point(x, span.top - 3), role))
        at = max(at, span.bottom + 3)
    sheet.put(_rule(Point(x, at), Point(x, bottom), role))


def _rule(start: Point, end: Point, role: str) -> Line:
    return Line(points=(start, end), kind="rule", role=role, thickness=1)
