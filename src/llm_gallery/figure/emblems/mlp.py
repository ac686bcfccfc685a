"""Emblems of feed-forward parts: their true curves, and what a gate multiplies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import tanh

from llm_gallery.figure.emblems.forms import bars
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, areas, frames, lines
from llm_gallery.figure.emblems.plot import Curve, Plot, bell, sigmoid
from llm_gallery.figure.emblems.signs import sign
from llm_gallery.figure.pictures.activation import CURVES

SILU, GELU, SQUARED, XIELU = (CURVES[name] for name in ("SiLU", "GELU", "ReLU²", "xIELU"))


def activation(
    ink: Inks, curve: Curve, low: float, high: float, least: float, most: float
) -> Marks:
    """What becomes of a number, and the lines at which it or its image is 0."""
    plot = Plot(low=low, high=high, least=least, most=most)
    return (*plot.axes(ink.faint), *plot.curve(curve, ink.strong))


def likely(ink: Inks) -> Marks:
    """GELU over the normal variable by which it weighs."""
    plot = Plot(low=-3, high=2.4, least=-0.45, most=2.4)
    density = [plot.at(x / 5, 1.5 * bell(x / 5)) for x in range(-15, 13)]
    return (
        *areas([plot.at(-3, 0), *density, plot.at(2.4, 0)], role=ink.pale),
        *plot.axes(ink.faint),
        *plot.curve(GELU, ink.strong),
    )


def gated(ink: Inks) -> Marks:
    """Two matrices widen; one's curve multiplies the other, and a third matrix narrows again."""
    plot = Plot(low=-5, high=5, least=-1.4, most=5, left=23, right=67, top=34, bottom=58)
    return (
        *areas(
            ((58, 84), (78, 84), (74, 68), (14, 68)),
            ((82, 84), (102, 84), (146, 68), (86, 68)),
            ((14, 24), (146, 24), (102, 7), (58, 7)),
            role=ink.faint,
        ),
        *frames([(18, 30)], 54, 31, ink.strong),
        *plot.curve(SILU, ink.strong, 3, 10),
        *lines(((44, 67), (44, 61)), ((72, 45), (88, 45)), ((97, 36), (97, 25)), role=ink.strong),
        *lines(((124, 67), (124, 45), (106, 45)), role=ink.strong),
        *sign("×", (97, 45), ink.strong, 9),
    )


def other_gate(ink: Inks) -> Marks:
    """GELU where SwiGLU has SiLU, times what it lets through."""
    plot = Plot(low=-4, high=2, least=-0.5, most=2, left=14, right=78, top=14, bottom=76)
    return (
        *plot.axes(ink.faint),
        *plot.curve(SILU, ink.faint),
        *plot.curve(GELU, ink.strong),
        *sign("×", (96, 45), ink.strong, 9),
        *bars((0.5, 0.9, 0.3, 0.7), ink.strong, left=112, right=148, base=76, high=62),
    )


def bounded(ink: Inks) -> Marks:
    """Close to SiLU for small numbers, and under a limit for large ones."""
    plot = Plot(low=-4, high=8, least=-0.7, most=4.6)
    return (
        *plot.axes(ink.faint),
        *plot.level(4, ink.faint),
        *plot.curve(SILU, ink.faint),
        *plot.curve(lambda x: 4 * tanh(x / 4) * sigmoid(x), ink.strong),
    )


def powers(ink: Inks) -> Marks:
    """A number, its square and its cube, and the sum of the three."""
    plot = Plot(low=-1.6, high=1.6, least=-1.5, most=2)
    return (
        *plot.axes(ink.faint),
        *(m for n in (1, 2, 3) for m in plot.curve(_power(n), ink.faint, 2)),
        *plot.curve(lambda x: 0.45 * x + 0.55 * x**2 + 0.3 * x**3, ink.strong),
    )


def _power(n: int) -> Curve:
    return lambda x: 0.7 * x**n


def cut(ink: Inks) -> Marks:
    """Of all numbers only those far above the mean count."""
    places = [-2.4 + 0.4 * i for i in range(13)]
    heights = [bell(x) for x in places]
    edge = 14 + 132 * 9 / 13
    return (
        *bars(heights[:9], ink.faint, right=edge, high=62),
        *bars(heights[9:], ink.strong, left=edge, high=62),
        *lines(((edge, 10), (edge, 82)), role=ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "gelu": likely,
    "relu-squared": partial(activation, curve=SQUARED, low=-2, high=2, least=-0.6, most=3.4),
    "xielu": partial(activation, curve=XIELU, low=-5.5, high=2, least=-0.5, most=2.6),
    "swiglu": gated,
    "geglu": other_gate,
    "situ": bounded,
    "polynorm": powers,
    "activation-sparsity": cut,
}
