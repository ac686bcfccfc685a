"""Emblems of what stands around the stack of layers, and of how the stack is run."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.figure.emblems.forms import boxes, row
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, areas, frames, lines, squares
from llm_gallery.figure.emblems.signs import arrow, picture


def again(ink: Inks) -> Marks:
    """A token that has passed the layers comes back to the first."""
    return (
        *squares(((34, y) for y in (20, 34, 48, 62)), 60, 11, ink.faint),
        *lines(((64, 19), (64, 9), (128, 9), (128, 82), (64, 82)), role=ink.strong, thick=3),
        *arrow((64, 82), (64, 74), role=ink.strong, thick=3, size=5),
    )


def two_ahead(ink: Inks) -> Marks:
    """The stack foresees the next token, a module beside it the one after."""
    tokens = row(6)
    return (
        *boxes(((x, 74) for x in tokens[:4]), 15, ink.faint),
        *squares([(14, 36)], 86, 22, ink.faint),
        *squares([(106, 36)], 18, 22, ink.strong),
        *arrow((90, 36), (90, 26), role=ink.strong),
        *arrow((115, 36), (115, 26), role=ink.strong),
        *lines(((100, 47), (106, 47)), role=ink.strong),
        *frames([(82.5, 8), (107.5, 8)], 15, 15, ink.strong),
    )


def one_part(ink: Inks) -> Marks:
    """Each layer mixes either tokens, at the left, or channels, at the right."""
    rows = [10 + 12 * i for i in range(6)]
    left, right = (rows[1], rows[2], rows[5]), (rows[0], rows[3], rows[4])
    return (
        *lines(((80, 86), (80, 4)), role=ink.strong),
        *squares(((16, y) for y in left), 60, 10, Inks("linear").cell),
        *squares(((84, y) for y in right), 60, 10, Inks("mlp").cell),
    )


def seen(ink: Inks) -> Marks:
    """A picture goes through an encoder, and takes the place of tokens among the text's."""
    tokens = row(8)
    return (
        *boxes(((tokens[i], 76) for i in (0, 1, 6, 7)), 12, ink.faint),
        *boxes(((tokens[i], 76) for i in (2, 3, 4, 5)), 12, ink.strong),
        *areas(((62, 48), (98, 48), (114, 64), (46, 64)), role=ink.faint),
        *picture(ink, 54, 6, 52, 38),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "looped-depth": again,
    "multi-token-prediction": two_ahead,
    "one-part-layers": one_part,
    "vision-tower": seen,
}
