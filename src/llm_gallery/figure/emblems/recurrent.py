"""Emblems of what keeps a state instead of a cache: what fades, what is taken out, what is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from llm_gallery.figure.emblems import channels
from llm_gallery.figure.emblems.forms import bars, mask, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    frames,
    lines,
    squares,
)
from llm_gallery.figure.emblems.memory import grid, levels, state
from llm_gallery.figure.emblems.signs import arrow, sign
from llm_gallery.figure.emblems.wiring import SIDES, side_by_side

ALL, EACH = 0.5, (1, 0.35, 0.75, 0.5, 0.2)
"""An illustration: what a state keeps, as a whole or key by key."""


def constant_decay(ink: Inks) -> Marks:
    """A row a head, a column a token: what is kept of it falls at the head's own constant speed."""
    keeps = (0.94, 0.85, 0.72, 0.55, 0.35)
    shares = {
        (11 + 11.6 * j, 10 + 14.4 * i): keep ** (11 - j)
        for i, keep in enumerate(keeps)
        for j in range(12)
    }
    return grid(ink, (cell for cell in shares.items() if cell[1] > 0.04), 10)


def outer_product(ink: Inks) -> Marks:
    """A key times a value, number by number, is added to a matrix whose rows fade each at a rate of its own."""
    keeps, key, value = (1, 0.4, 0.7, 0.55), (0.9, 0.4, 0.75, 0.5), (0.6, 1, 0.3, 0.85, 0.45)
    down, across = [27 + 14 * i for i in range(4)], [66 + 14 * j for j in range(5)]
    keys = {(46.0, y): share for y, share in zip(down, key, strict=True)}
    values = {(x, 7.0): share for x, share in zip(across, value, strict=True)}
    told = keys | values
    held = [((x, y), k * v) for (_, y), k in keys.items() for (x, _), v in values.items()]
    return (
        *levels(ink, keeps, right=40, top=28, pitch=14),
        *grid(ink, held, 12),
        *frames(told, 12, 12, ink.strong),
        *grid(ink, (((x + 3, y + 3), share) for (x, y), share in told.items()), 6),
    )


def normalized(ink: Inks) -> Marks:
    """A matrix with a gate for what stays and one for what comes in, and beside it a sum to divide by."""
    rows = [27 + 14 * i for i in range(4)]
    held = (0.5, 0.9, 0.3, 0.7)
    cells = [
        ((50.0 + 14 * j, y), held[(i + 3 * j) % 4]) for i, y in enumerate(rows) for j in range(4)
    ]
    return (
        *grid(ink, cells, 12),
        *squares([(30, 27)], 14, 54, ink.strong),
        *squares([(50, 8)], 36, 12, ink.strong),
        *frames([(50, 8)], 54, 12, ink.strong),
        *frames(((120, y) for y in rows), 12, 12, ink.strong),
    )


def through_zero(ink: Inks) -> Marks:
    """What is left of a stored number, the stronger the correction: less, nothing, then its opposite."""
    left = [1 - step / 3 for step in range(7)]
    return (
        *bars(left[:3], ink.faint, right=70.6, base=45, high=34),
        *bars(left[4:], ink.strong, left=89.4, base=45, high=34),
        *lines(((14, 45), (146, 45)), role=ink.strong),
    )


def read_again(ink: Inks) -> Marks:
    """A layer gates what one below read of its state, and keeps none itself."""
    held = (0.9, 0.4, 0.7, 0.55)
    cells = {(22 + 13 * j, 56 + 13 * i): held[(3 * i + j) % 4] for i in range(2) for j in range(5)}
    return (
        *frames([(16, 50)], 76, 36, ink.strong),
        *grid(ink, cells.items(), 11),
        *frames([(16, 8)], 76, 26, ink.faint),
        *lines(((92, 68), (114, 68), (114, 30)), ((92, 21), (106, 21)), role=ink.strong),
        *arrow((122, 21), (146, 21), role=ink.strong),
        *sign("×", (114, 21), ink.strong, 8),
    )


def in_turns(ink: Inks) -> Marks:
    """Layers from first to last: three keep a state, then one attends."""
    layers = row(12)
    return (
        *squares([(x - 4, 13) for i, x in enumerate(layers) if i % 4 < 3], 8, 64, ink.cell),
        *squares([(x - 4, 13) for x in layers[3::4]], 8, 64, Inks("full").cell),
    )


def both_at_once(ink: Inks) -> Marks:
    """Attention and a state read the same input, and are added."""
    left, right = SIDES
    cells = {
        (right - 18 + 12 * j, 28 + 12 * i): (0.9, 0.4, 0.65)[(i + 2 * j) % 3]
        for i in range(3)
        for j in range(3)
    }
    return side_by_side(
        mask(Inks("full"), lambda _, __: True, 4, middle=(left, 46), side=36),
        grid(ink, cells.items(), 11),
        Inks("wiring"),
    )


EMBLEMS: Mapping[str, Emblem] = {
    **channels.EMBLEMS,
    "lightning-attention": constant_decay,
    "mamba-2": partial(state, keeps=ALL, written=3),
    "gated-linear-attention": partial(state, keeps=EACH, written=3),
    "gated-deltanet": partial(state, keeps=ALL, written=2, erased=2),
    "kimi-delta-attention": partial(state, keeps=EACH, written=2, erased=2),
    "rwkv-7": partial(state, keeps=EACH, written=3, erased=1),
    "matrix-rwkv": outer_product,
    "mlstm": normalized,
    "negative-eigenvalues": through_zero,
    "gated-memory": read_again,
    "hybrid": in_turns,
    "parallel-mixers": both_at_once,
}
