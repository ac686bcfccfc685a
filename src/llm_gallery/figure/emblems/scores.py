"""Emblems of what becomes of the scores of attention, and of what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from math import tanh

from llm_gallery.figure.emblems.forms import bars, boxes, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    frames,
    lines,
    outlines,
)
from llm_gallery.figure.emblems.plot import Plot


def sinks(ink: Inks) -> Marks:
    """Shares of attention over tokens: the largest goes where no token stands, and adds nothing."""
    first, *tokens = row(7)
    return (
        *bars((0, 0.14, 0.34, 0.1, 0.22, 0.16, 0.42), ink.strong, base=64, high=52),
        *frames([(first - 6.6, 9)], 13.2, 55, ink.strong),
        *boxes(((x, 75) for x in tokens), 11, ink.faint),
    )


def softcap(ink: Inks) -> Marks:
    """A score goes through a tanh: it comes near a limit and never beyond."""
    plot = Plot(low=-3, high=3, least=-1.1, most=1.1)
    return (
        *plot.level(1, ink.faint),
        *plot.level(-1, ink.faint),
        *lines((plot.at(-1, -1), plot.at(1, 1)), role=ink.faint),
        *plot.curve(tanh, ink.strong),
    )


def gated(ink: Inks) -> Marks:
    """Of what attention brings, a gate lets through a share, number by number."""
    brought, gates = (0.9, 0.62, 1, 0.78, 0.86, 0.7), (1, 0.2, 0.7, 0.1, 0.86, 0.5)
    through = [share * gate for share, gate in zip(brought, gates, strict=True)]
    return (
        *bars(through, ink.strong, high=66),
        *bars(brought, ink.strong, high=66, form=outlines),
    )


def difference(ink: Inks) -> Marks:
    """What two attentions share is noise; the one less the other leaves what one alone found."""
    one, other = (0.3, 0.44, 0.34, 1, 0.4), (0.28, 0.38, 0.32, 0.36, 0.35)
    left = [a - b for a, b in zip(one, other, strict=True)]
    return (
        *bars(one, ink.faint, left=9, right=47),
        *lines(((50, 54), (58, 54)), role=ink.strong, thick=3),
        *bars(other, ink.faint, left=61, right=99),
        *lines(((102, 51), (110, 51)), ((102, 57), (110, 57)), role=ink.strong, thick=3),
        *bars(left, ink.strong, left=113, right=151),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "attention-sinks": sinks,
    "attention-softcap": softcap,
    "gated-attention": gated,
    "differential-attention": difference,
}
