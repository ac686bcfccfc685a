"""Emblems of what keeps a few numbers for each channel, or its last inputs."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

from llm_gallery.figure.emblems.forms import bars, boxes, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    areas,
    discs,
    lines,
)
from llm_gallery.figure.emblems.plot import Plot
from llm_gallery.figure.emblems.signs import arrow, sign


def few_numbers(ink: Inks) -> Marks:
    """A column a channel: each keeps a few numbers, which shrink at speeds of their own."""
    speeds = (0.9, 0.25, 0.5, 0.12, 0.7, 0.35, 1.2)
    sizes: dict[float, list[tuple[float, float]]] = {}
    for x, speed in zip(row(7), speeds, strict=True):
        for n in range(4):
            sizes.setdefault(max(1, round(8 * exp(-speed * n))), []).append((x, 75 - 20 * n))
    return tuple(m for radius, some in sizes.items() for m in discs(some, radius, ink.strong))


def faded_and_added(ink: Inks) -> Marks:
    """A number a channel: the more of it fades, the more is added, so that it keeps its size."""
    kept = [share**2 for share in (0.95, 0.6, 0.85, 0.4, 0.75, 0.9)]
    return (
        *bars([1.0] * 6, ink.strong, high=66),
        *bars(kept, ink.faint, high=66),
    )


def weighted_past(ink: Inks) -> Marks:
    """Weights of the past: what each token's key says, under a decay; the newest has a bonus."""
    keys = (0.95, 0.5, 0.85, 0.4, 0.75, 0.95, 0.55)
    plot = Plot(low=-7, high=0, least=0, most=1, left=14, right=127, top=22, bottom=78)
    falls = [exp(0.28 * (t - 6.5)) for t in range(7)]
    return (
        *bars([k * f for k, f in zip(keys, falls, strict=True)], ink.faint, right=127, high=56),
        *plot.curve(lambda t: exp(0.28 * t), ink.strong, 2, 6),
        *bars([1], ink.strong, left=127, right=146, high=66),
    )


def shifted(ink: Inks) -> Marks:
    """Each channel is a share of this token and a share of the last one."""
    shares = (0.7, 0.25, 0.5, 0.85, 0.35)
    ends = [(28 + 104 * share, 37 + 10 * i) for i, share in enumerate(shares)]
    return (
        *areas(
            *(((28, y), (x - 1, y), (x - 1, y + 6), (28, y + 6)) for x, y in ends), role=ink.faint
        ),
        *areas(
            *(((x + 1, y), (132, y), (132, y + 6), (x + 1, y + 6)) for x, y in ends),
            role=ink.strong,
        ),
        *boxes([(54, 16)], 15, ink.faint),
        *boxes([(106, 16)], 15, ink.strong),
        *arrow((64, 16), (95, 16), role=ink.strong),
    )


def few_taps(ink: Inks) -> Marks:
    """The last four inputs, each through a gate, mixed by fixed weights; a gate lets the sum out."""
    last = row(4, 14, 106)
    return (
        *(
            m
            for i, x in enumerate(last)
            for m in lines(((x, 56), (94.5, 22)), role=ink.faint, thick=1 + 1.2 * i)
        ),
        *lines(*(((x, 76), (x, 56)) for x in last), ((94, 18), (138, 18)), role=ink.strong),
        *boxes(((x, 77) for x in last), 13, ink.strong),
        *(m for x in last for m in sign("×", (x, 55), ink.strong, 6)),
        *sign("×", (94.5, 18), ink.strong, 8),
        *boxes([(138, 18)], 15, ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "mamba": few_numbers,
    "rg-lru": faded_and_added,
    "rwkv": weighted_past,
    "token-shift": shifted,
    "short-convolution": few_taps,
}
