"""Emblems of norms: where they stand, and what they bring to one size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import cos, pi, sin

from llm_gallery.figure.emblems.forms import bars
from llm_gallery.figure.emblems.ink import Emblem, Inks, Marks, areas, discs, lines, rings
from llm_gallery.figure.emblems.plot import Plot, bell
from llm_gallery.figure.emblems.signs import arrow, sign
from llm_gallery.figure.emblems.wiring import STREAM, branch, pill, stream


def around_branch(ink: Inks, *, before: bool = False, after: bool = False) -> Marks:
    """Norms on the wires of a branch; nothing stands on the stream."""
    return (*stream(ink), *branch(ink, before=before, after=after))


def on_stream(ink: Inks) -> Marks:
    """After the sum, so that nothing passes it by."""
    return (*stream(ink), *branch(ink, low=74, high=38), *pill(ink, (STREAM, 16), upright=False))


def mixed(ink: Inks) -> Marks:
    """One branch has its norm before it, another behind."""
    return (
        *stream(ink),
        *branch(ink, low=75, high=56, before=True, room=5),
        *branch(ink, low=34, high=15, after=True, room=5),
    )


def centred(ink: Inks) -> Marks:
    """Numbers that stand anywhere, however far apart, get mean 0 and variance 1."""
    plot = Plot(low=-3, high=6, least=0, most=1.05, bottom=76)
    wide = [plot.at(x / 4, 0.55 * bell((x / 4 - 2.6) / 1.5)) for x in range(-8, 25)]
    return (
        *areas(wide, role=ink.pale),
        *plot.curve(bell, ink.strong),
        *lines((plot.at(-3, 0), plot.at(6, 0)), (plot.at(0, 0), plot.at(0, 1.05)), role=ink.strong),
        *arrow((94, 24), (74, 24), role=ink.strong),
    )


def scaled_by_a_dial(ink: Inks) -> Marks:
    """What a norm gives is scaled by something that a dial says."""
    return (
        *lines(((116, 86), (116, 4)), role=ink.strong),
        *pill(ink, (116, 68), upright=False),
        *rings([(34, 32)], 18, ink.strong),
        *lines(((34, 32), (44, 20)), role=ink.strong, thick=3),
        *lines(((52, 32), (61, 32)), ((97, 32), (108, 32)), role=ink.strong),
        *bars((0.5, 0.9, 0.7, 1, 0.4), ink.faint, left=60, right=98, base=44, high=26),
        *sign("×", (116, 32), ink.strong, 9),
    )


def unit(ink: Inks) -> Marks:
    """A query and a key, however long, are brought to one length; what is left is the angle between them."""
    middle, radius = (80.0, 66.0), 50.0
    angles, lengths = (0.2 * pi, 0.62 * pi), (76.0, 28.0)

    def end(angle: float, long: float) -> tuple[float, float]:
        return middle[0] + long * cos(angle), middle[1] - long * sin(angle)

    circle = [end(pi * i / 24, radius) for i in range(25)]
    return (
        *lines(circle, role=ink.faint),
        *lines((middle, end(angles[0], lengths[0])), role=ink.faint, thick=3),
        *lines(*((middle, end(angle, radius)) for angle in angles), role=ink.strong, thick=3),
        *discs([end(angle, radius) for angle in angles], 5, ink.strong),
        *discs([end(angles[1], lengths[1])], 4, ink.faint),
        *discs([end(angles[0], lengths[0])], 4, ink.faint),
    )


def about_one(ink: Inks) -> Marks:
    """A scale is 1 and a little: only the little is stored."""
    little = (0.22, -0.16, 0.3, -0.26, 0.1, 0.2, -0.1)
    return (
        *bars([1.0] * 7, ink.faint, base=80, high=46),
        *lines(((12, 34), (148, 34)), role=ink.strong),
        *bars(little, ink.strong, base=34, high=80),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "pre-norm": partial(around_branch, before=True),
    "post-norm": partial(around_branch, after=True),
    "sandwich-norm": partial(around_branch, before=True, after=True),
    "stream-norm": on_stream,
    "mixed-norm": mixed,
    "layer-norm": centred,
    "adaptive-norm": scaled_by_a_dial,
    "qk-norm": unit,
    "zero-centred-norm": about_one,
}
