"""A state as a grid: what fades it, what is taken out of it, and what is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llm_gallery.figure.emblems.forms import arrow, bars, sign
from llm_gallery.figure.emblems.ink import Inks, Marks, frames, squares
from llm_gallery.figure.kit.traces import At

COLUMNS, ROWS, PITCH = 6, 4, 13.0
LEFT, TOP = 18.0, 30.0
"""Of the grid's corner."""
RIGHT = LEFT + COLUMNS * PITCH
HELD = (0.9, 0.5, 0.75, 0.6)
"""An illustration: what cells hold before they fade."""


def grid(ink: Inks, cells: Iterable[tuple[At, float]], side: float) -> Marks:
    """Cells by their corners, each as dark as what it holds."""
    roles: dict[str, list[At]] = {}
    for corner, share in cells:
        roles.setdefault(ink.shade(share), []).append(corner)
    return tuple(m for role, some in roles.items() for m in squares(some, side, side, role))


def state(
    ink: Inks, keeps: float | Sequence[float], *, written: int, erased: int | None = None
) -> Marks:
    """A state under what it keeps: one gate for all of it, or one for each column.

    A row is written; what stands in a row may be taken out before, in the same or in another.
    """
    shares = (keeps,) if isinstance(keeps, float) else keeps
    cells = {
        (LEFT + j * PITCH, TOP + i * PITCH): shares[j % len(shares)] * HELD[(3 * i + j) % 4]
        for i in range(ROWS)
        for j in range(COLUMNS)
        if i not in (written, erased)
    }
    return (
        *bars(shares, ink.strong, left=LEFT - 2, right=RIGHT, base=25, high=17, share=0.84),
        *grid(ink, cells.items(), PITCH - 2),
        *_row(ink, written, "+", 12 if erased == written else 0),
        *(() if erased is None else _row(ink, erased, "-", -12 if erased == written else 0)),
    )


def _row(ink: Inks, row: int, kind: str, aside: float) -> Marks:
    """What is done to a row: its cells, and a sign beside it with an arrow out of it or into it."""
    y = TOP + (row + 0.5) * PITCH - 1
    inner, outer = (RIGHT + 2, y + aside / 3), (RIGHT + 34, y + aside)
    form = squares if kind == "+" else frames
    side = PITCH - 2
    corners = [(LEFT + j * PITCH, TOP + row * PITCH) for j in range(COLUMNS)]
    return (
        *form(corners, side, side, ink.strong),
        *arrow(*((outer, inner) if kind == "+" else (inner, outer)), role=ink.strong),
        *sign(kind, outer, ink.strong, 8),
    )
