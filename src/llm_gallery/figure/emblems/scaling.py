"""Emblems of how rotations reach further than they were trained: which wavelengths are stretched, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import cos, exp, log, pi, sin

from llm_gallery.figure.emblems.forms import clocks, mask, row
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, areas, discs, lines, smooth
from llm_gallery.figure.emblems.plot import Plot
from llm_gallery.figure.emblems.signs import arrow


def squeezed(ink: Inks) -> Marks:
    """Twice as many positions in the span of the training: all are divided by two."""
    long, short = row(6, 14, 146), row(12, 14, 146)
    return (
        *lines(((14, 20), (146, 20)), ((14, 70), (146, 70)), role=ink.faint),
        *lines(*(((x, 12), (x, 28)) for x in long), role=ink.faint, thick=3),
        *lines(*(((x, 62), (x, 78)) for x in short), role=ink.strong, thick=3),
        *arrow((80, 34), (80, 54), role=ink.strong),
    )


def wave(
    left: float, right: float, middle: float, turns: float, role: str, swing: float = 10
) -> Marks:
    """So many turns of a sine, so far up and down."""
    top, bottom = middle - swing, middle + swing
    plot = Plot(low=0, high=turns, least=-1, most=1, left=left, right=right, top=top, bottom=bottom)
    return plot.curve(lambda t: sin(2 * pi * t), role, count=max(4, round(turns * 6)))


def growing(ink: Inks) -> Marks:
    """The longer the input, the slower the turns: as many as before reach to its end."""
    return tuple(
        mark
        for y, right in ((19, 58), (45, 102), (71, 146))
        for mark in (
            *lines(((14, y), (right, y)), role=ink.faint),
            *wave(14, right, y, 2, ink.strong),
        )
    )


def lengthening(ink: Inks) -> Marks:
    """Under what is told of each wavelength: a wave that grows longer from left to right."""
    phases = [pi * i / 2 for i in range(28)]
    ends = [132 / 7 * (exp(phase / 20.4) - 1) for phase in phases]
    points = [(14 + x, 76 - 7 * sin(phase)) for x, phase in zip(ends, phases, strict=True)]
    slopes = [-7 * cos(phase) * 20.4 / (x + 132 / 7) for x, phase in zip(ends, phases, strict=True)]
    return smooth(points, slopes, ink.faint, 2)


def stretched(ink: Inks, factors: Sequence[float]) -> Marks:
    """Each wavelength has a stretch of its own."""
    tops = [
        (x, 60 - 48 * f / max(factors)) for x, f in zip(row(len(factors)), factors, strict=True)
    ]
    return (
        *lengthening(ink),
        *lines(*(((x, 60), (x, y)) for x, y in tops), role=ink.faint, thick=3),
        *discs(tops, 4.5, ink.strong),
    )


def smoothly(ink: Inks) -> Marks:
    """Short wavelengths are kept and long ones stretched by eight, with a smooth change between them."""

    def stretch(x: float) -> float:
        """The logarithm; a quarter of the first context is kept, and all of it stretched."""
        kept = min(1.0, max(0.0, (exp(-x) - 1) / 3))
        return -log(kept + (1 - kept) / 8)

    plot = Plot(low=-3, high=1.6, least=0, most=log(8), left=14, right=146, top=11, bottom=60)
    over = [plot.at(x / 20, stretch(x / 20)) for x in range(-60, 33)]
    return (
        *lengthening(ink),
        *areas([plot.at(-3, 0), *over[30:], plot.at(1.6, 0)], role=ink.pale),
        *lines(over, role=ink.strong, thick=3),
    )


def by_turns(ink: Inks) -> Marks:
    """Clocks that turn fast are left as they were; slow ones turn less, those between partly."""
    before, kept = (5.4, 3.6, 2.3, 1.5), (1, 1, 0.5, 0)
    after = [turn * (k + (1 - k) / 4) for turn, k in zip(before, kept, strict=True)]
    middles = [(x, 33.0) for x in row(4, 10, 150)]
    sectors = [
        ((x, y), *((x + 14 * sin(a), y - 14 * cos(a)) for a in _between(old, new)))
        for (x, y), old, new in zip(middles, before, after, strict=True)
        if old != new
    ]
    return (
        *lengthening(ink),
        *areas(*sectors, role=ink.faint),
        *clocks(ink, middles, 16, after),
    )


def _between(old: float, new: float) -> list[float]:
    return [new + (old - new) * i / 6 for i in range(7)]


def two_bases(ink: Inks) -> Marks:
    """Layers that see far turn slowly, those that see near turn fast."""
    far, near = Inks("full"), Inks("window")
    return (
        *mask(far, lambda _, __: True, 4, middle=(32, 26), side=30),
        *wave(60, 146, 25, 1, far.strong),
        *mask(near, lambda i, j: i - j < 2, 4, middle=(32, 65), side=30),
        *wave(60, 146, 65, 4, near.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "linear-rope-scaling": squeezed,
    "dynamic-rope-scaling": growing,
    "longrope-rope-scaling": partial(stretched, factors=(1, 1.1, 1.5, 1.3, 2.6, 4.2, 3.6, 6.4, 8)),
    "llama3-rope-scaling": smoothly,
    "yarn-rope-scaling": by_turns,
    "dual-rotary-base": two_bases,
}
