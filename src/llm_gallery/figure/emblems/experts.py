"""Emblems of experts: which are there, how they are scored and chosen, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import exp, log1p, sqrt

from llm_gallery.figure.emblems.forms import bars, boxes, row, sign, tiles
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    areas,
    discs,
    frames,
    lines,
    outlines,
    squares,
)
from llm_gallery.figure.emblems.plot import Curve, Plot, sigmoid
from llm_gallery.figure.emblems.wiring import SIDES, side_by_side, waist


def always_one(ink: Inks) -> Marks:
    """Beside the chosen ones, one runs for every token."""
    return (
        *tiles(ink, 6, 4, (2, 15), left=12, right=102),
        *squares([(118, 31)], 28, 28, ink.strong),
    )


def balanced(ink: Inks) -> Marks:
    """Scores of experts, and what is added to those that had too little to do and taken from those with too much."""
    scores, biases = (0.86, 0.3, 0.6, 1, 0.42, 0.34, 0.8), (-0.2, 0.28, 0, -0.36, 0.2, 0.24, -0.16)
    base, high = 80, 68
    places = [
        (x, base - s * high, base - (s + b) * high)
        for x, s, b in zip(row(7), scores, biases, strict=True)
    ]
    pieces = [((x - 6, y), (x + 6, y), (x + 6, end), (x - 6, end)) for x, y, end in places]
    return (
        *bars(
            [min(s, s + b) for s, b in zip(scores, biases, strict=True)],
            ink.faint,
            base=base,
            high=high,
        ),
        *areas(*(p for p, b in zip(pieces, biases, strict=True) if b > 0), role=ink.strong),
        *outlines(*(p for p, b in zip(pieces, biases, strict=True) if b < 0), role=ink.strong),
    )


def competing(ink: Inks) -> Marks:
    """Scores share one whole: a larger share of one is a smaller one of the others."""
    scores = (0.4, 1.0, 0.2, 0.75, 0.5)
    weights = [exp(3 * s) for s in scores]
    shares = [w / sum(weights) for w in weights]
    starts = [14 + 132 * sum(shares[:i]) for i in range(5)]
    strips = [
        ((x + 1, 60), (x + 132 * s - 1, 60), (x + 132 * s - 1, 79), (x + 1, 79))
        for x, s in zip(starts, shares, strict=True)
    ]
    lit = (1, 3)
    return (
        *bars(scores, ink.faint, base=44, high=34),
        *lines(
            *(((x, 46), (a + 66 * s, 58)) for x, a, s in zip(row(5), starts, shares, strict=True)),
            role=ink.faint,
        ),
        *areas(*(s for i, s in enumerate(strips) if i not in lit), role=ink.faint),
        *areas(*(strips[i] for i in lit), role=ink.strong),
    )


def scored(ink: Inks, curve: Curve, most: float, ceiling: float | None = None) -> Marks:
    """Each expert's score is read off a curve by itself; the best ones run."""
    plot = Plot(low=-5, high=5, least=0, most=most, left=16, right=144, top=11, bottom=79)
    experts, lit = (-4.2, -2.4, -0.9, 0.6), (2.2, 3.8)
    low = plot.points(lambda _: 0, (*experts, *lit))
    up = plot.points(curve, (*experts, *lit))
    return (
        *plot.level(0, ink.faint),
        *(() if ceiling is None else plot.level(ceiling, ink.faint)),
        *lines(*zip(low, up, strict=True), role=ink.faint),
        *plot.curve(curve, ink.strong, 2),
        *discs(up[:4], 4, ink.faint),
        *discs(up[4:], 5, ink.strong),
    )


def groups_first(ink: Inks) -> Marks:
    """Two groups are chosen, then experts in them."""
    lefts = [12 + 35 * i for i in range(4)]
    cells = {
        (g, i): (lefts[g] + 5 + i % 2 * 11, 12 + i // 2 * 17) for g in range(4) for i in range(8)
    }
    lit = [(0, 1), (0, 6), (2, 2), (2, 5)]
    return (
        *frames([(lefts[g], 7) for g in (1, 3)], 31, 76, ink.faint),
        *frames([(lefts[g], 7) for g in (0, 2)], 31, 76, ink.strong),
        *squares((at for cell, at in cells.items() if cell not in lit), 10, 14, ink.faint),
        *squares((cells[cell] for cell in lit), 10, 14, ink.strong),
    )


def by_table(ink: Inks) -> Marks:
    """Each token id has its experts, whatever is written around it."""
    places, to = row(5), (3, 0, 4, 1, 3)
    return (
        *lines(*(((x, 68), (places[to[i]], 26)) for i, x in enumerate(places)), role=ink.strong),
        *discs(((x, 73) for x in places), 8, ink.strong),
        *boxes(((places[i], 18) for i in set(to)), 17, ink.strong),
        *boxes(((x, 18) for i, x in enumerate(places) if i not in to), 17, ink.faint),
    )


def narrowed(ink: Inks) -> Marks:
    """Experts work on a narrower copy."""
    places, lit = row(6, 44, 116), (1, 4)
    return (
        *areas(
            ((20, 20), (140, 20), (116, 33), (44, 33)),
            ((44, 57), (116, 57), (140, 70), (20, 70)),
            role=ink.pale,
        ),
        *squares([(20, 9), (20, 71)], 120, 10, ink.faint),
        *boxes(((x, 45) for i, x in enumerate(places) if i not in lit), 11, ink.faint),
        *boxes(((places[i], 45) for i in lit), 11, ink.strong),
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
    "mixture-of-experts": partial(tiles, columns=8, rows=4, lit=(3, 13, 25)),
    "shared-expert": always_one,
    "identity-experts": partial(
        tiles, columns=7, rows=4, lit=(8, 24, 13), hollow=(5, 6, 12, 13, 19, 20, 26, 27)
    ),
    "latent-experts": narrowed,
    "dense-prefix": after_dense,
    "moe-beside-mlp": beside_dense,
    "shortcut-experts": meanwhile,
    "softmax-routing": competing,
    "sigmoid-routing": partial(scored, curve=sigmoid, most=1.02, ceiling=1),
    "sqrtsoftplus-routing": partial(scored, curve=lambda x: sqrt(log1p(exp(x))), most=2.4),
    "bias-balanced-routing": balanced,
    "group-limited-routing": groups_first,
    "hash-routing": by_table,
}
