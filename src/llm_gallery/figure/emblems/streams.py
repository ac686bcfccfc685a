"""Emblems of several residual streams side by side."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    discs,
    lines,
    rings,
    squares,
)
from llm_gallery.figure.emblems.signs import sign

STREAMS = (18.0, 34.0, 50.0, 66.0)
"""Px from the left to each of four streams."""


def several(ink: Inks, low: float = 86, high: float = 4) -> Marks:
    """Streams side by side."""
    return lines(*(((x, low), (x, high)) for x in STREAMS), role=ink.strong, thick=3)


def beside(ink: Inks) -> Marks:
    """A block that reads all streams below and writes to all above."""
    return (
        *lines(((18, 76), (124, 76), (124, 62)), ((124, 28), (124, 14), (18, 14)), role=ink.strong),
        *squares([(98, 26)], 52, 38, ink.pale),
    )


def crossing(ink: Inks) -> Marks:
    """Streams are mixed with one another between what a block reads and what it writes."""
    return (
        *lines(*(((a, 60), (b, 30)) for a in STREAMS for b in STREAMS), role=ink.faint),
        *several(ink, 86, 60),
        *several(ink, 30, 4),
        *beside(ink),
        *discs([(x, 76) for x in STREAMS], 4, ink.strong),
        *(m for x in STREAMS for m in sign("+", (x, 14), ink.strong, 6)),
    )


def by_gates(ink: Inks) -> Marks:
    """How much of each stream is read, and how much is written to it, gates say token by token."""
    openings = {76.0: (5, 2, 3, 5), 14.0: (2, 5, 1, 4)}
    places = [
        (x, y, r) for y, radii in openings.items() for x, r in zip(STREAMS, radii, strict=True)
    ]
    return (
        *several(ink),
        *beside(ink),
        *rings(((x, y) for x, y, _ in places), 7, ink.strong, "norm.tint"),
        *(m for x, y, radius in places for m in discs([(x, y)], radius, ink.strong)),
    )


def by_guesses(ink: Inks) -> Marks:
    """All streams are guessed from one another; a layer works on one, and what it did corrects the others."""
    *others, first = STREAMS
    return (
        *lines(*(((a, 84), (b, 62)) for a in STREAMS for b in STREAMS if a != b), role=ink.faint),
        *lines(*(((x, 86), (x, 4)) for x in others), role=ink.faint, thick=3),
        *lines(((first, 86), (first, 4)), role=ink.strong, thick=4),
        *lines(
            ((first, 56), (124, 56), (124, 50)),
            ((124, 26), (124, 16), (others[0], 16)),
            role=ink.strong,
        ),
        *squares([(98, 24)], 52, 26, ink.pale),
        *discs([(x, 16) for x in others], 4, ink.strong),
        *discs([(first, 56)], 4.5, ink.strong),
        *sign("+", (first, 16), ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "hyper-connections": crossing,
    "gated-residual-streams": by_gates,
    "alternating-updates": by_guesses,
}
