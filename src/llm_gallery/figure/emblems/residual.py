"""Emblems of the residual stream: how many there are, and how branches read and write them."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.figure.emblems import streams
from llm_gallery.figure.emblems.forms import bars, boxes, mask, row
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    arcs,
    areas,
    discs,
    frames,
    lines,
    squares,
)
from llm_gallery.figure.emblems.signs import sign
from llm_gallery.figure.emblems.wiring import branch, pill, stream, waist


def weighed_sums(ink: Inks) -> Marks:
    """A branch reads all earlier sums, each as much as it chooses."""
    sums, weights = row(6), (2.0, 1.0, 5.0, 1.0, 2.0, 4.0)
    return (
        *(
            m
            for x, w in zip(sums, weights, strict=True)
            for m in lines(((x, 68), (80, 26)), role=ink.strong, thick=w)
        ),
        *boxes(((x, 72) for x in sums), 15, ink.faint),
        *squares([(58, 9)], 44, 18, ink.strong),
    )


def times_constant(ink: Inks) -> Marks:
    """What a branch adds is multiplied by a constant."""
    return (
        *stream(ink),
        *branch(ink),
        *areas(((66, 11), (66, 33), (47, 22)), role=ink.strong),
    )


def times_scales(ink: Inks) -> Marks:
    """Stream and branch are scaled channel by channel before they are added."""
    on_stream, on_branch = (9.0, 40.0), (52.0, 6.0)
    return (
        *stream(ink),
        *branch(ink, low=78, high=18, left=108),
        *squares([on_stream, on_branch], 42, 25, "norm.tint"),
        *frames([on_stream, on_branch], 42, 25, ink.strong),
        *bars((0.9, 0.5, 1, 0.4, 0.8), ink.strong, left=12, right=48, base=62, high=18),
        *bars((0.5, 1, 0.3, 0.8, 0.6), ink.strong, left=55, right=91, base=28, high=18),
    )


def low_rank(ink: Inks) -> Marks:
    """Beside stream and block a way through a bottleneck."""
    return (
        *lines(((72, 86), (72, 4)), role=ink.strong, thick=4),
        *lines(
            ((30, 60), (30, 72), (128, 72), (128, 62)),
            ((30, 30), (30, 20), (128, 20), (128, 28)),
            role=ink.strong,
        ),
        *areas(
            ((10, 62), (50, 62), (35, 46), (25, 46)),
            ((10, 28), (50, 28), (35, 44), (25, 44)),
            role=ink.strong,
        ),
        *squares([(104, 27)], 46, 36, ink.pale),
        *discs([(72, 72)], 4, ink.strong),
        *sign("+", (72, 20), ink.strong),
    )


def two_at_once(ink: Inks) -> Marks:
    """Attention and MLP read the same norm, and the stream takes both."""
    return (
        *stream(ink, 22),
        *lines(
            ((22, 74), (126, 74), (126, 64)),
            ((76, 74), (76, 64)),
            ((126, 28), (126, 14), (22, 14)),
            ((76, 28), (76, 14)),
            role=ink.strong,
        ),
        *mask(Inks("full"), lambda _, __: True, 4, middle=(77, 46), side=36),
        *waist(Inks("mlp"), (126, 46), 46, 36),
        *pill(ink, (46, 74)),
        *discs([(22, 74)], 4, ink.strong),
        *sign("+", (22, 14), ink.strong),
    )


def first_values(ink: Inks) -> Marks:
    """Each layer's values are in part those of the first."""
    layers, shares = row(5), (1.0, 0.55, 0.4, 0.3, 0.25)
    return (
        *bars([1.0] * 5, ink.faint, high=44),
        *bars(shares, ink.strong, high=44),
        *arcs(
            *(((layers[0], 32), ((layers[0] + x) / 2, 2), (x, 31)) for x in layers[1:]),
            role=ink.strong,
        ),
        *discs([(x, 31) for x in layers[1:]], 3, ink.strong),
    )


EMBLEMS: Mapping[str, Emblem] = {
    **streams.EMBLEMS,
    "attention-residuals": weighed_sums,
    "branch-multipliers": times_constant,
    "residual-scaling": times_scales,
    "learned-residual": low_rank,
    "parallel-block": two_at_once,
    "value-residual": first_values,
}
