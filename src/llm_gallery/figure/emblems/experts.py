"""Emblems of experts: which are there, how they are scored and chosen, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from llm_gallery.figure.emblems import routing
from llm_gallery.figure.emblems.forms import boxes, row, tiles
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    areas,
    discs,
    lines,
    squares,
)
from llm_gallery.figure.emblems.signs import sign
from llm_gallery.figure.emblems.wiring import SIDES, side_by_side, waist


def always_one(ink: Inks) -> Marks:
    """Beside the chosen ones, one runs for every token."""
    return (
        *tiles(ink, 6, 4, (2, 15), left=12, right=102),
        *squares([(118, 31)], 28, 28, ink.strong),
    )


def narrowed(ink: Inks) -> Marks:
    """Experts work on a narrower copy."""
    places, lit = row(6, 38, 122), (1, 4)
    return (
        *areas(
            ((16, 18), (144, 18), (122, 33), (38, 33)),
            ((38, 57), (122, 57), (144, 72), (16, 72)),
            role=ink.pale,
        ),
        *squares([(15, 7), (15, 72)], 130, 11, ink.faint),
        *boxes(((x, 45) for i, x in enumerate(places) if i not in lit), 12, ink.faint),
        *boxes(((places[i], 45) for i in lit), 13, ink.strong),
    )


def after_dense(ink: Inks) -> Marks:
    """The lowest layer has one wide MLP; experts begin above it."""
    lit = ((2, 7), (0, 5), (4, 8), (1, 9))
    places = row(10)
    cells = {(i, j): (x - 5.5, 8 + 14.5 * i) for i in range(4) for j, x in enumerate(places)}
    run = {(i, j) for i, some in enumerate(lit) for j in some}
    return (
        *squares((at for cell, at in cells.items() if cell not in run), 11, 11, ink.faint),
        *squares((cells[cell] for cell in sorted(run)), 11, 11, ink.strong),
        *squares([(15, 67)], 130, 15, Inks("mlp").cell),
    )


def beside_dense(ink: Inks) -> Marks:
    """A dense MLP and experts read the same, and are added."""
    left, right = SIDES
    return side_by_side(
        waist(Inks("mlp"), (left, 46), 48, 36),
        tiles(ink, 4, 3, (1, 10), left=right - 24, right=right + 24),
        Inks("wiring"),
    )


def meanwhile(ink: Inks) -> Marks:
    """Experts read the stream early and run beside the attention and the MLP that follow."""
    wire = Inks("wiring")
    return (
        *lines(((28, 86), (28, 4)), role=wire.strong, thick=4),
        *lines(
            ((28, 78), (126, 78), (126, 68)),
            ((126, 24), (126, 14), (28, 14)),
            role=wire.strong,
        ),
        *squares([(12, 50)], 60, 16, Inks("full").cell),
        *squares([(12, 26)], 60, 16, Inks("mlp").cell),
        *tiles(ink, 4, 4, (3, 9), left=105, right=147),
        *discs([(28, 78)], 4, wire.strong),
        *sign("+", (28, 14), wire.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    **routing.EMBLEMS,
    "mixture-of-experts": partial(tiles, columns=8, rows=4, lit=(3, 13, 25)),
    "shared-expert": always_one,
    "identity-experts": partial(
        tiles, columns=7, rows=4, lit=(8, 24, 13), hollow=(5, 6, 12, 13, 19, 20, 26, 27)
    ),
    "latent-experts": narrowed,
    "dense-prefix": after_dense,
    "moe-beside-mlp": beside_dense,
    "shortcut-experts": meanwhile,
}
