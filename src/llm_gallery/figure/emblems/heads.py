"""Emblems of what heads of attention keep and share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from llm_gallery.figure.emblems.forms import boxes, clocks, heads, row
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, areas, frames, lines, squares
from llm_gallery.figure.emblems.signs import arrow, sign


def latent(ink: Inks) -> Marks:
    """A token's vector is pinched to a small one; keys and values of all heads are rebuilt from it."""
    return (
        *areas(((36, 70), (72, 52), (88, 52), (124, 70)), role=ink.pale),
        *areas(((72, 38), (19, 24), (141, 24), (88, 38)), role=ink.pale),
        *squares([(30, 70)], 100, 11, ink.faint),
        *boxes(((x, 17) for x in row(8)), 11, ink.faint),
        *boxes([(80, 45)], 17, ink.strong),
    )


def key_is_value(ink: Inks) -> Marks:
    """All heads ask one vector, which is key and value at once."""
    asking = row(6)
    return (
        *lines(*(((x, 19), (80, 62)) for x in asking), role=ink.faint),
        *boxes(((x, 18) for x in asking), 14, ink.faint),
        *areas(((67, 53), (67, 80), (94, 80)), role=ink.strong),
        *areas(((69, 53), (94, 53), (94, 78)), role=ink.faint),
    )


def unified(ink: Inks) -> Marks:
    """One matrix gives keys and values; only the keys are rotated."""
    return (
        *lines(((56, 62), (56, 53)), ((56, 31), (56, 24)), ((104, 62), (104, 24)), role=ink.strong),
        *clocks(ink, [(56, 42)], 10, [0.9]),
        *boxes([(56, 17), (104, 17)], 15, ink.strong),
        *squares(((33 + 12 * i, y) for i in range(8) for y in (60, 71)), 10, 9, ink.faint),
    )


def taken_over(ink: Inks) -> Marks:
    """The lowest layer keeps keys and values; those above read the same and keep none."""
    return (
        *frames(((22, y) for y in (12, 37)), 84, 16, ink.faint),
        *squares([(22, 62)], 84, 16, ink.strong),
        *lines(((106, 70), (132, 70), (132, 45)), role=ink.strong),
        *arrow((132, 45), (108, 45), role=ink.strong),
        *arrow((132, 46), (132, 20), (108, 20), role=ink.strong),
    )


def chosen_heads(ink: Inks) -> Marks:
    """Of many query heads a token runs a few; all share the same keys."""
    asking, keys, lit = row(8), (58, 102), (1, 6)
    rest = [x for i, x in enumerate(asking) if i not in lit]
    return (
        *lines(*(((asking[i], 19), (k, 70)) for i in lit for k in keys), role=ink.strong),
        *boxes(((x, 18) for x in rest), 12, ink.faint),
        *boxes(((asking[i], 18) for i in lit), 14, ink.strong),
        *boxes(((k, 71) for k in keys), 15, ink.strong),
    )


def chosen_values(ink: Inks) -> Marks:
    """A matrix each for query and key; of many for the value, a token takes a few."""
    many, lit = row(6, 70, 148), (1, 4)
    rest = [x for i, x in enumerate(many) if i not in lit]
    return (
        *lines(*(((x, 70), (x, 22)) for x in (20, 44)), role=ink.faint),
        *lines(*(((many[i], 70), (109, 22)) for i in lit), role=ink.strong),
        *boxes([(20, 72), (44, 72), (20, 18), (44, 18)], 15, ink.faint),
        *boxes(((x, 72) for x in rest), 10, ink.faint),
        *boxes(((many[i], 72) for i in lit), 11, ink.strong),
        *boxes([(109, 18)], 17, ink.strong),
    )


def another_width(ink: Inks) -> Marks:
    """Query and key are compared number by number, and so of one size; the value is of another."""
    few, many = [20 + 13 * i for i in range(4)], [7 + 13 * i for i in range(6)]
    return (
        *lines(*(((40, y + 5.5), (62, y + 5.5)) for y in few), role=ink.faint),
        *squares(((x, y) for x in (28, 61) for y in few), 13, 11, ink.faint),
        *squares(((112, y) for y in many), 20, 11, ink.strong),
    )


def bias(ink: Inks) -> Marks:
    """A matrix, plus a vector."""
    rows = [15 + 12 * i for i in range(5)]
    return (
        *squares(((24 + 12 * i, y) for i in range(5) for y in rows), 10, 10, ink.faint),
        *sign("+", (102, 44), ink.strong),
        *squares(((122, y) for y in rows), 12, 10, ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "multi-head-attention": partial(heads, asking=6, keys=6),
    "grouped-query-attention": partial(heads, asking=8, keys=2),
    "multi-query-attention": partial(heads, asking=8, keys=1),
    "multi-head-latent-attention": latent,
    "shared-key-value": key_is_value,
    "unified-kv": unified,
    "shared-kv-cache": taken_over,
    "attention-experts": chosen_heads,
    "value-experts": chosen_values,
    "value-width": another_width,
    "attention-bias": bias,
}
