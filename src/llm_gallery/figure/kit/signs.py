"""Signs and lines that aren't blocks: of sums and products, of memory, of the residual stream; swatches and squares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred, label
from llm_gallery.figure.kit.shapes import About, Box, Line, Mark, Point, Text
from llm_gallery.figure.kit.text import Content, width

RING, STREAM_RING = 7.5, 8.5
"""Px of the radius of a sign that joins streams, and of one on the residual stream."""
STREAM = 3.0
"""Px of the residual stream's thickness."""


def stream_line(*points: Point, thickness: float = STREAM, arrow: bool = False) -> Line:
    """A piece of the residual stream."""
    return Line(points=points, kind="stream", role="stream", thickness=thickness, arrow=arrow)


def stream_sum(x: float, y: float) -> Node:
    """The ⊕ by which a branch is added to the residual stream."""
    return operation(x, y, "+", radius=STREAM_RING, role="stream", thickness=1.75)


def circle(
    x: float,
    y: float,
    radius: float,
    fill: str,
    edge: str | None,
    line: float = 1.25,
    about: About | None = None,
) -> Box:
    """A circle round its middle."""
    side = 2 * radius
    return Box(
        x - radius,
        y - radius,
        side,
        side,
        form="circle",
        fill=fill,
        edge=edge,
        line=line,
        about=about,
    )


def operation(
    x: float,
    y: float,
    sign: str,
    *,
    radius: float = RING,
    ground: str = "paper",
    role: str = "flow",
    thickness: float = 1.25,
) -> Node:
    """A circle that joins streams: sign "+" adds, "−" subtracts, "×" multiplies."""
    box = circle(x, y, radius, ground, role, thickness)
    r = radius * 0.38 if sign == "×" else radius / 2
    arms = {
        "−": f"m{-r:g} 0h{2 * r:g}",
        "+": f"m{-r:g} 0h{2 * r:g}m{-r:g} {-r:g}v{2 * r:g}",
        "×": f"m{-r:g} {-r:g}l{2 * r:g} {2 * r:g}m0 {-2 * r:g}l{-2 * r:g} {2 * r:g}",
    }
    sign_mark = Mark(x, y, arms[sign], stroke=role, thickness=thickness)
    return Node(box, (box, sign_mark))


CHIP = 20.0
"""Px of the height of a scalar's chip."""


def chip(
    x: float, y: float, words: Content, *, size: float = 11.5, about: About | None = None
) -> Node:
    """A scalar that the run multiplies with, divides by or bounds with, on its wire: "× 0.175", "÷ √192".

    The dark sign is for nothing else. Its wire ends at it and goes on from it, as at any block.
    """
    wide = width(words, size, 600) + 15
    box = Box(
        x - wide / 2,
        y - CHIP / 2,
        wide,
        CHIP,
        radius=CHIP / 2,
        fill="ink",
        labelled=True,
        about=about,
    )
    return Node(box, (box, *centred(box, "paper", Words(0.36 * size, words, size, 600))))


def dot(x: float, y: float, role: str = "flow", radius: float = 3.0) -> Mark:
    """Where a line branches, or where a connector ends: a line of no length with round ends."""
    return Mark(x, y, "h0", stroke=role, thickness=2 * radius, round=True)


def letter(x: float, y: float, name: str, role: str) -> tuple[Box, Text]:
    """A letter in a ring: the same one stands where this leads."""
    ring = circle(x, y, RING, "paper", role)
    return ring, label(x, y + 3.6, name, size=10, weight=600, role="ink", anchor="middle")


def drum(x: float, y: float, ground: str = "matrix", role: str = "ink") -> Mark:
    """The sign of memory, 10 by 10 from its upper left corner: what outlives a token."""
    path = "m0 2a5 2 0 0 1 10 0v6a5 2 0 0 1 -10 0zm0 0a5 2 0 0 0 10 0m-10 3a5 2 0 0 0 10 0"
    return Mark(x, y, path, width=10, height=10, fill=ground, stroke=role)


SquareRow = tuple[float, float, float]
"""Squares side by side: where they begin, across and down, and px from the first to the end of the last."""


def squares(
    x: float, y: float, rows: Iterable[SquareRow], role: str, *, side: float = 5, gap: float = 1
) -> Mark:
    """Rows of squares, one a head, an expert or a token, from an upper left corner; a row is one dashed line."""
    found = tuple(rows)
    return Mark(
        x,
        y,
        _dashed(found, side / 2),
        width=max(left + wide for left, _, wide in found),
        height=max(top for _, top, _ in found) + side,
        stroke=role,
        thickness=side,
        dash=f"{side:.4g} {gap:.4g}",
    )


@lru_cache(maxsize=1024)
def _dashed(rows: tuple[SquareRow, ...], half: float) -> str:
    """Rows as lines through the middle of their squares."""
    path, at = "", (0.0, -half)
    for left, top, wide in rows:
        path += f"m{left - at[0]:.4g} {top - at[1]:.4g}h{wide:.4g}"
        at = left + wide, top
    return path


def square(x: float, y: float, role: str, side: float = 9, radius: float = 2) -> Box:
    """One square: the swatch before a title, a lit expert."""
    return Box(x, y, side, side, radius=radius, fill=role, open=True)


def area(
    x: float,
    y: float,
    wide: float,
    high: float,
    fill: str,
    title: str = "",
    edge: str | None = None,
) -> Box:
    """What stands for a number by its extent, and says which."""
    about = About("", title) if title else None
    return Box(x, y, wide, high, radius=0, fill=fill, edge=edge, open=True, about=about)


def bracket(
    sheet: Sheet, x: float, spine: float, extent: tuple[float, float], least: float
) -> tuple[float, float]:
    """A bracket open towards x; gives its extent back, which is so high at least."""
    top, bottom = extent
    spare = max(0.0, least - bottom + top) / 2
    top, bottom = top - spare, bottom + spare
    corners = ((x, top), (spine, top), (spine, bottom), (x, bottom))
    sheet.rule(*(Point(*corner) for corner in corners), role="ink")
    return top, bottom
