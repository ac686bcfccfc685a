"""What Excalidraw's elements state: looks, order, what ties an arrow to a block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

from llm_gallery.figure.kit.hatching import Hatch
from llm_gallery.figure.kit.scene import Paint, colour
from llm_gallery.figure.kit.shapes import Bounds, Point
from llm_gallery.figure.kit.theme import ThemeName

Json = dict[str, Any]
NEAR = 1.0
"""Px from a block's edge within which a line touches it."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def look(paint: Paint, theme: ThemeName, scale: float) -> Json:
    """Colours, thickness and dashes of an element."""
    stroke = "transparent" if paint.stroke is None else colour(paint.stroke, theme)
    return {
        "strokeColor": stroke,
        "backgroundColor": _filled(paint, theme),
        "fillStyle": "solid",
        "strokeWidth": round(paint.width * scale, 2),
        "strokeStyle": "solid" if paint.dash is None else "dashed",
    }


def _filled(paint: Paint, theme: ThemeName) -> str:
    """A colour; for print's hatchings the grey that stands for them in cells: Excalidraw has no tiles of ours."""
    if paint.fill is None:
        return "transparent"
    fill = f"{paint.fill.mechanism}.cell" if isinstance(paint.fill, Hatch) else paint.fill
    return colour(fill, theme)


def indices(count: int) -> Iterator[str]:
    """The order of so many elements, as Excalidraw states it: a0, a1 … az, b00 … bzz, c000 …"""
    head, digits = ord("a"), 1
    while count > 0:
        held = min(count, len(_DIGITS) ** digits)
        for n in range(held):
            said = ""
            for _ in range(digits):
                n, digit = divmod(n, len(_DIGITS))
                said = _DIGITS[digit] + said
            yield chr(head) + said
        count, head, digits = count - held, head + 1, digits + 1


def joins(end: Point, edges: Bounds) -> bool:
    """Whether a line ends at a block's edge."""
    left, top, right, low = edges
    inside = left - NEAR <= end.x <= right + NEAR and top - NEAR <= end.y <= low + NEAR
    off = min(abs(end.x - left), abs(end.x - right), abs(end.y - top), abs(end.y - low))
    return inside and off <= NEAR


def binding(name: str, edges: Bounds, before: Point, end: Point) -> Json:
    """Where at a block an arrow ends: `focus` says how far beside its middle it aims, in halves of its side."""
    left, top, right, low = edges
    across, down = end.x - (left + right) / 2, end.y - (top + low) / 2
    if abs(end.y - before.y) < abs(end.x - before.x):
        focus = -_sign(end.x - before.x) * down / ((low - top) / 2)
    else:
        focus = _sign(end.y - before.y) * across / ((right - left) / 2)
    return {"elementId": name, "focus": round(min(0.99, max(-0.99, focus)), 4), "gap": 1}


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def squares(
    points: Sequence[Point], dash: str, thickness: float
) -> Iterator[tuple[Point, float, float]]:
    """The dashes of a thick line that runs across or down, each a rectangle: its corner, width and height."""
    on, off = map(float, dash.split())
    for start, end in pairwise(points):
        length, at = hypot(end.x - start.x, end.y - start.y), 0.0
        if not length:
            continue
        across, down = (end.x - start.x) / length, (end.y - start.y) / length
        while at < length - 0.01:
            far = min(at + on, length)
            a = Point(start.x + across * at, start.y + down * at)
            b = Point(start.x + across * far, start.y + down * far)
            half_x, half_y = abs(down) * thickness / 2, abs(across) * thickness / 2
            corner = Point(min(a.x, b.x) - half_x, min(a.y, b.y) - half_y)
            yield corner, abs(b.x - a.x) + 2 * half_x, abs(b.y - a.y) + 2 * half_y
            at += on + off
