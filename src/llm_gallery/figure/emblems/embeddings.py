"""Emblems of tables that are looked up for a token, and of what becomes of the head's scores."""

from __future__ import annotations

from collections.abc import Mapping
from math import tanh

from llm_gallery.figure.emblems.forms import bars, boxes
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, lines, outlines, squares
from llm_gallery.figure.emblems.signs import arrow


def tied(ink: Inks) -> Marks:
    """One table, through which tokens come in and go out."""
    rows = [16 + 12 * i for i in range(5)]
    return (
        *squares(((20 + 12 * i, y) for i in range(4) for y in rows), 10, 10, ink.strong),
        *lines(((68, 66), (118, 66), (118, 56)), ((118, 36), (118, 26), (80, 26)), role=ink.strong),
        *arrow((90, 26), (70, 26), role=ink.strong),
        *squares(((96, y) for y in (32, 42, 52)), 44, 8, ink.faint),
    )


def capped(ink: Inks) -> Marks:
    """Scores of tokens go through a tanh: the larger one is, the more it is pressed under the limit."""
    scores = (0.3, 0.7, 1.9, 0.5, 1.1, 0.2, 0.9)
    base, high = 80, 36
    return (
        *bars(scores, ink.faint, base=base, high=high, form=outlines),
        *bars([tanh(s) for s in scores], ink.strong, base=base, high=high),
        *lines(((12, base - high), (148, base - high)), role=ink.strong),
    )


def looked_up(ink: Inks) -> Marks:
    """The last few tokens together find a row of a large table."""
    rows = [8 + 7.6 * i for i in range(10)]
    return (
        *squares(((84, y) for i, y in enumerate(rows) if i != 3), 62, 6, ink.faint),
        *squares([(84, rows[3])], 62, 6, ink.strong),
        *boxes([(20, 68)], 13, ink.faint),
        *boxes([(20 + 17 * i, 68) for i in range(1, 4)], 13, ink.strong),
        *lines(((30, 56), (30, 50), (78, 50), (78, 56)), role=ink.strong),
        *arrow((54, 50), (54, rows[3] + 3), (81, rows[3] + 3), role=ink.strong),
    )


def one_length(ink: Inks) -> Marks:
    """Rows of the head, long or short, are brought to one length."""
    lengths = (118.0, 44.0, 92.0, 60.0, 132.0)
    rows = [12 + 14 * i for i in range(5)]
    return (
        *outlines(
            *(
                ((14, y + 1), (14 + long, y + 1), (14 + long, y + 9), (14, y + 9))
                for long, y in zip(lengths, rows, strict=True)
            ),
            role=ink.faint,
        ),
        *squares(((13, y) for y in rows), 76, 10, ink.strong),
        *lines(
            *(((x, y), (x, y + 10)) for x, y in zip((58, 74), (rows[1], rows[3]), strict=True)),
            role="embedding.tint",
        ),
        *lines(((92, 6), (92, 84)), role=ink.strong),
    )


def each_layer(ink: Inks) -> Marks:
    """A second table has a short vector for every layer."""
    layers = [10 + 15 * i for i in range(5)]
    return (
        *squares(((84, y) for y in layers), 60, 12, ink.faint),
        *(m for y in layers for m in arrow((52, y + 6), (82, y + 6), role=ink.strong, size=3)),
        *squares(((14 + 12 * i, y + 1) for i in range(3) for y in layers), 10, 10, ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "tied-embeddings": tied,
    "logit-softcap": capped,
    "ngram-memory": looked_up,
    "normed-head": one_length,
    "per-layer-embeddings": each_layer,
}
