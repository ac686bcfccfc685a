"""Emblems of attention: which tokens each one reads, what heads share, and what becomes of scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from llm_gallery.figure.emblems import heads, scores
from llm_gallery.figure.emblems.forms import boxes, mask, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    arcs,
    areas,
    lines,
    squares,
)
from llm_gallery.figure.emblems.signs import picture


def compressed(ink: Inks) -> Marks:
    """Entries stand for groups of tokens; the last tokens are read one by one."""
    tokens = row(22)
    groups = [(tokens[6 * i], (tokens[6 * i] + tokens[6 * i + 5]) / 2) for i in range(3)]
    return (
        *areas(
            *(((x - 3, 62), (m - 7, 28), (m + 7, 28), (2 * m - x + 3, 62)) for x, m in groups),
            role=ink.pale,
        ),
        *squares(((x - 2.3, 65) for x in tokens[:18]), 4.6, 16, ink.faint),
        *squares(((x - 2.3, 65) for x in tokens[18:]), 4.6, 16, ink.strong),
        *boxes(((m, 20) for _, m in groups), 18, ink.strong),
    )


def sparse(ink: Inks) -> Marks:
    """Of all earlier tokens a few are read, wherever they stand."""
    tokens, chosen = row(10), (1, 2, 5, 8)
    asking = tokens[-1], 17
    return (
        *arcs(
            *(((tokens[i], 68), ((tokens[i] + 139) / 2, 2), asking) for i in chosen),
            role=ink.strong,
        ),
        *boxes(((x, 74) for i, x in enumerate(tokens) if i not in chosen), 10, ink.faint),
        *boxes(((tokens[i], 74) for i in chosen), 10, ink.strong),
        *boxes([asking], 13, ink.strong),
    )


def local_and_global(ink: Inks) -> Marks:
    """How far back each layer reads, a row each: one reads all, those below it the last few tokens."""
    tokens, layers = row(12), [14 + 12.4 * i for i in range(6)]
    near = [(x - 4.5, y - 4) for y in layers[1:] for x in tokens[9:]]
    far = [(x - 4.5, y - 4) for y in layers[1:] for x in tokens[:9]]
    return (
        *squares(((x - 4.5, layers[0] - 4) for x in tokens), 9, 9, Inks("full").strong),
        *squares(far, 9, 9, ink.faint),
        *squares(near, 9, 9, ink.strong),
    )


def neighbours_first(ink: Inks) -> Marks:
    """The last few tokens are mixed by weights of their places; then attention reads."""
    last = row(3, 12, 66)
    return (
        *lines(*(((x, 70), (57, 22)) for x in last), role=ink.faint, thick=3),
        *boxes(((x, 70) for x in last), 13, ink.strong),
        *boxes([(57, 20)], 15, ink.strong),
        *mask(ink, lambda _, __: True, 6, middle=(112, 45), side=66),
    )


def picture_asked(ink: Inks) -> Marks:
    """Tokens of the text ask a picture, which stays beside the stream."""
    tokens, seen = [(24.0, 15 + 20.0 * i) for i in range(4)], (25, 45, 65)
    return (
        *lines(*((at, (86, y)) for at in tokens for y in seen), role=ink.faint, thick=1),
        *boxes(tokens, 14, ink.strong),
        *picture(ink, 82, 15, 64, 60),
    )


def index_passed_on(ink: Inks) -> Marks:
    """One layer chooses tokens; layers above read the same ones."""
    tokens, chosen = row(9), (1, 4, 5, 7)
    rest = [x for i, x in enumerate(tokens) if i not in chosen]
    lit = [tokens[i] for i in chosen]
    return (
        *lines(*(((x, 72), (x, 18)) for x in lit), role=ink.strong),
        *boxes(((x, y) for x in rest for y in (18, 45, 72)), 11, ink.faint),
        *boxes(((x, y) for x in lit for y in (18, 45)), 8, ink.strong),
        *boxes(((x, 72) for x in lit), 13, ink.strong),
    )


BLOCKS = (0, 0, 0, 1)
"""An illustration: which block of earlier tokens a query takes beside the first and its own."""

EMBLEMS: Mapping[str, Emblem] = {
    **scores.EMBLEMS,
    **heads.EMBLEMS,
    "sliding-window-attention": partial(mask, reads=lambda i, j: i - j < 3, count=8),
    "chunked-attention": partial(mask, reads=lambda i, j: i // 3 == j // 3, count=9),
    "bidirectional-attention": partial(mask, reads=lambda _, __: True, count=8, future=True),
    "block-sparse-attention": partial(
        mask, reads=lambda i, j: j // 3 in (0, BLOCKS[i // 3], i // 3), count=12
    ),
    "local-global-layers": local_and_global,
    "compressed-attention": compressed,
    "sparse-attention": sparse,
    "shared-index": index_passed_on,
    "convolved-attention": neighbours_first,
    "cross-attention": picture_asked,
}
