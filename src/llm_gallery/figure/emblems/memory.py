"""A state as a grid, a row a key's channel: what fades it, what is taken out of it, and what is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llm_gallery.figure.emblems.ink import Inks, Marks, areas, frames, squares
from llm_gallery.figure.emblems.signs import Kind, arrow, sign
from llm_gallery.figure.kit.traces import At

ROWS, COLUMNS, PITCH = 5, 5, 14.0
LEFT, TOP = 42.0, 11.0
"""Of the grid's corner."""
RIGHT, BOTTOM = LEFT + COLUMNS * PITCH - 2, TOP + ROWS * PITCH - 2
LONG = 26.0
"""Px of a bar of all that a row may keep."""
HELD = (0.95, 0.5, 0.8, 0.6)
"""An illustration: what cells hold before they fade."""


def grid(ink: Inks, cells: Iterable[tuple[At, float]], side: float) -> Marks:
    """Cells by their corners, each as dark as what it holds."""
    roles: dict[str, list[At]] = {}
    for corner, share in cells:
        roles.setdefault(ink.shade(share), []).append(corner)
    return tuple(m for role, some in roles.items() for m in squares(some, side, side, role))


def levels(ink: Inks, shares: Sequence[float], *, right: float, top: float, pitch: float) -> Marks:
    """How much each row keeps, as bars that end at its left."""
    rows = [(right - share * LONG, top + i * pitch) for i, share in enumerate(shares)]
    return areas(
        *(((x, y), (right, y), (right, y + 10), (x, y + 10)) for x, y in rows), role=ink.strong
    )


def gates(ink: Inks, keeps: float | Sequence[float]) -> Marks:
    """What a state keeps: one share for all of it, or one for each row."""
    right = LEFT - 4
    if isinstance(keeps, float):
        return squares([(right - keeps * LONG, TOP)], keeps * LONG, BOTTOM - TOP, ink.strong)
    return levels(ink, keeps, right=right, top=TOP + 1, pitch=PITCH)


def state(
    ink: Inks, keeps: float | Sequence[float], *, written: int, erased: int | None = None
) -> Marks:
    """A state beside what it keeps: of all of it alike, or of each row its own share.

    A row is written; what stands in a row may be taken out before, in the same or in another.
    """
    shares = (keeps,) if isinstance(keeps, float) else keeps
    cells = {
        (LEFT + j * PITCH, TOP + i * PITCH): shares[i % len(shares)] * HELD[(3 * i + j) % 4]
        for i in range(ROWS)
        for j in range(COLUMNS)
        if i not in (written, erased)
    }
    return (
        *gates(ink, keeps),
        *grid(ink, cells.items(), PITCH - 2),
        *_row(ink, written, "+", 12 if erased == written else 0),
        *(() if erased is None else _row(ink, erased, "-", -12 if erased == written else 0)),
    )


def _row(ink: Inks, row: int, kind: Kind, aside: float) -> Marks:
    """What is done to a row: its cells, and a sign beside it with an arrow out of it or into it."""
    y = TOP + (row + 0.5) * PITCH - 1
    inner, outer = (RIGHT + 3, y + aside / 3), (142.0, y + aside)
    edge = outer[0] - 9, outer[1] - aside * 0.2
    side = PITCH - 2
    corners = [(LEFT + j * PITCH, TOP + row * PITCH) for j in range(COLUMNS)]
    return (
        *(squares if kind == "+" else frames)(corners, side, side, ink.strong),
        *arrow(*((edge, inner) if kind == "+" else (inner, edge)), role=ink.strong),
        *sign(kind, outer, ink.strong, 8),
    )
