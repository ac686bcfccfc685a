"""Emblems of how experts are scored and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import exp, log1p, sqrt

from llm_gallery.figure.emblems.forms import bars, boxes, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    areas,
    discs,
    frames,
    lines,
    outlines,
    rings,
    squares,
)
from llm_gallery.figure.emblems.plot import Curve, Plot, sigmoid


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
    """Each token id has its expert, whatever is written around it: the same token runs the same one."""
    places, to, same = row(5), (3, 0, 4, 1, 3), (0, 4)
    return (
        *lines(*(((x, 66), (places[to[i]], 26)) for i, x in enumerate(places)), role=ink.strong),
        *discs(((x, 73) for i, x in enumerate(places) if i not in same), 8, ink.strong),
        *rings([(places[i], 73) for i in same], 7, ink.strong),
        *boxes(((places[i], 18) for i in sorted({*to})), 17, ink.strong),
        *boxes(((x, 18) for i, x in enumerate(places) if i not in to), 17, ink.faint),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "softmax-routing": competing,
    "sigmoid-routing": partial(scored, curve=sigmoid, most=1.02, ceiling=1),
    "sqrtsoftplus-routing": partial(scored, curve=lambda x: sqrt(log1p(exp(x))), most=2.4),
    "bias-balanced-routing": balanced,
    "group-limited-routing": groups_first,
    "hash-routing": by_table,
}
