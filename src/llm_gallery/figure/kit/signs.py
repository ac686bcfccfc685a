"""Signs and lines that aren't blocks: of sums and products, of memory, of the residual stream; swatches and squares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from llm_gallery.figure.kit.blocks import Node, Words, centred
from llm_gallery.figure.kit.shapes import About, Box, Line, Mark, Point
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
    left, top, side = x - radius, y - radius, 2 * radius
    return Box(left, top, side, side, form="circle", fill=fill, edge=edge, line=line, about=about)


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
    x: float,
    y: float,
    words: Content,
    *,
    size: float = 11.5,
    wide: float = 0.0,
    about: About | None = None,
) -> Node:
    """A scalar that the run multiplies with, divides by or bounds with, on its wire: "× 0.175", "÷ √192".

    The dark sign is for nothing else. Its wire ends at it and goes on from it, as at any block; over
    several wires it is as `wide` as they stand.
    """
    wide = max(wide, width(words, size, 600) + 15)
    left, half = x - wide / 2, CHIP / 2
    box = Box(left, y - half, wide, CHIP, radius=half, fill="ink", labelled=True, about=about)
    return Node(box, (box, *centred(box, "paper", Words(0.36 * size, words, size, 600))))


def dot(x: float, y: float, role: str = "flow", radius: float = 3.0) -> Mark:
    """Where a line branches: a filled circle, for not every reader of PDF paints a line of no length."""
    return Mark(x, y, _disc(radius), fill=role)


@lru_cache(maxsize=64)
def _disc(radius: float) -> str:
    """A circle round its middle, as path data."""
    r, across = f"{radius:.4g}", f"{2 * radius:.4g}"
    return f"m-{r} 0a{r} {r} 0 0 1 {across} 0a{r} {r} 0 0 1 -{across} 0z"


def drum(x: float, y: float, ground: str = "matrix", role: str = "ink") -> Mark:
    """The sign of memory, 10 by 10 from its upper left corner: what outlives a token."""
    path = "m0 2a5 2 0 0 1 10 0v6a5 2 0 0 1 -10 0zm0 0a5 2 0 0 0 10 0m-10 3a5 2 0 0 0 10 0"
    return Mark(x, y, path, width=10, height=10, fill=ground, stroke=role)


def sized_drum(x: float, y: float, side: float, ground: str | None, role: str) -> Mark:
    """A drum whose volume stands for bytes, so broad and so high, from its upper left corner; large ones have rings."""
    r, flat = f"{side / 2:.4g}", side / 6 if side > 20 else side / 5
    rim = f"{flat:.4g}"
    body = side - 2 * flat
    # There and back: an open arc would be filled.
    front = f"a{r} {rim} 0 0 0 {side:.4g} 0a{r} {rim} 0 0 1 -{side:.4g} 0"
    path = f"m0 {rim}a{r} {rim} 0 0 1 {side:.4g} 0v{body:.4g}a{r} {rim} 0 0 1 -{side:.4g} 0z"
    rings = 4 if side > 60 else 2 if side > 9 else 1
    path += f"m0 0{front}" + f"m0 {body / rings:.4g}{front}" * (rings - 1)
    thick = 1.25 if side > 9 else 0.75
    return Mark(x, y, path, width=side, height=side, fill=ground, stroke=role, thickness=thick)


LEAST_DRUM = 10.0
"""Px of the side of any drum: what is smaller isn't seen."""


def drum_side(part: float, whole: float, largest: float) -> float:
    """Px of the side of a drum whose volume stands for what it holds, beside one of the whole."""
    return max(LEAST_DRUM, largest * (part / whole) ** (1 / 3)) if whole else LEAST_DRUM


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


def filled(corners: Iterable[tuple[float, float]], side: float) -> str:
    """Single squares by their upper left corners, as path data."""
    path, at = "", (0.0, 0.0)
    for x, y in corners:
        path += f"m{x - at[0]:.4g} {y - at[1]:.4g}h{side:.4g}v{side:.4g}h{-side:.4g}z"
        at = x, y
    return path


@lru_cache(maxsize=1024)
def _dashed(rows: tuple[SquareRow, ...], half: float) -> str:
    """Rows as lines through the middle of their squares."""
    path, at = "", (0.0, -half)
    for left, top, wide in rows:
        path += f"m{left - at[0]:.4g} {top - at[1]:.4g}h{wide:.4g}"
        at = left + wide, top
    return path


def square(x: float, y: float, role: str, side: float = 9) -> Box:
    """The swatch before a title."""
    return Box(x, y, side, side, radius=2, fill=role, open=True)


def area(x: float, y: float, wide: float, high: float, fill: str, title: str = "") -> Box:
    """What stands for a number by its extent, and says which."""
    about = About("", title) if title else None
    return Box(x, y, wide, high, radius=0, fill=fill, open=True, about=about)
