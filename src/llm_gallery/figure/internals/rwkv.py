"""RWKV-4's time mixing as a drawing: a decaying average of all values, and this token's with a bonus.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.internals._lanes import (
    BUS,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    lanes,
    leave,
    product,
)
from llm_gallery.figure.internals._state import back, gated
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, label, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.figure.kit.text import Content, Span, italic, superscript, width
from llm_gallery.mechanisms.colour import Colour

NAMES = {"k": "key", "v": "value", "r": "receptance"}
"""Streams, and the roles of their matrices."""
BROADEST = 170


def inset(use: Use) -> Inset:
    """The drawing, with numerator and denominator of the average as formulas."""
    streams = lanes(Sheet(), list(NAMES), MARGIN, use.width - MARGIN, BROADEST)
    shift(streams, use, "linear")
    outputs = dict.fromkeys(NAMES, use.block.number("inner"))
    projections(streams, use, NAMES, outputs, "linear")
    average = _average(streams, use)
    high = _output(streams, use, average)
    return Inset(
        title="RWKV time mixing",
        note=use.note("a state, not a cache"),
        mechanism="linear",
        body=body(streams.sheet, use.width, high),
    )


def shift(streams: Lanes, use: Use, colour: Colour) -> None:
    """One pill under all streams: each reads its own mix of this token and the last one."""
    names, sheet = list(streams.at), streams.sheet
    x = streams.middle(names[0], names[-1])
    node = sheet.add(
        pill(
            x,
            BUS - 11,
            "token shift",
            "convolution",
            note="μ x + (1 − μ) last x",
            wide=streams.span(names[0], names[-1]),
            about=use.about(use.block, "learned mix with the last token"),
        )
    )
    sheet.wire(Point(x, FOOT), node.bottom)
    sheet.put(drum(x - 20, FOOT - 11))
    sheet.label(x + 8, FOOT - 1, "last x kept", size=SMALL, weight=500, role="ink")
    streams.tips = {name: Point(at, node.top.y) for name, at in streams.at.items()}


def projections(
    streams: Lanes, use: Use, stored: dict[str, str], outputs: dict[str, int], colour: Colour
) -> None:
    """A matrix a stream."""
    inputs = use.block.number("width")
    names: list[Content] = [italic(name) for name in stored]
    forms: Sequence[Sequence[str]] = [
        [arrow(inputs, outputs[name]) for name in stored],
        [arrow("", outputs[name]) for name in stored],
        [f"{outputs[name]:,}" for name in stored],
    ]
    for name, symbol, shape in zip(stored, names, fitting(names, forms, streams.box), strict=True):
        x, y = streams.at[name], streams.tips[name].y - GAP - 13
        about = use.about(use.block.part(stored[name]))
        streams.rise(name, matrix(x, y, symbol, shape, colour, wide=streams.box, about=about))


def _average(streams: Lanes, use: Use) -> Node:
    block, sheet = use.block, streams.sheet
    node = sheet.add(
        hero(
            streams.middle("k", "v"),
            streams.tips["k"].y - 20 - 38,
            "",
            "linear",
            wide=streams.span("k", "v"),
            high=76,
            about=use.facts("average", "inner", "state_dtype"),
        )
    )
    streams.into(node, "k", "v")
    decayed, weighed = superscript("−w"), superscript("k")
    lines: tuple[Content, ...] = (
        (
            italic("a"), " ← ", italic("e"), decayed, italic(" a"), " + ",
            italic("e"), weighed, italic(" v"), ", ",
            italic("b"), " ← ", italic("e"), decayed, italic(" b"), " + ", italic("e"), weighed,
        ),
        (
            italic("o"), " = (", italic("a"), " + ", italic("e"), superscript("u+k"), italic(" v"),
            ") / (", italic("b"), " + ", italic("e"), superscript("u+k"), ")",
        ),
    )  # fmt: skip
    box, inside = node.box, node.box.bounds
    for line, down in zip(lines, (22.0, 43.0), strict=True):
        text = label(box.x + 14, box.y + down, line, size=13.5, role="linear.on", inside=inside)
        sheet.put(text)
    kept: Content = (Span(product(3, block.number("inner")), 600), " numbers kept")
    right = box.x + box.width - 12
    sheet.put(
        label(right, box.y + 66, kept, size=11, role="linear.on", anchor="end", inside=inside),
        drum(right - width(kept, 11) - 16, box.y + 57, "linear.solid", "linear.on"),
    )
    return node


def gate(streams: Lanes, use: Use, name: str, last: Node, colour: Colour) -> Node:
    """How much of each channel the token receives."""
    about = use.facts("receptance", "width")
    node = pill(streams.at[name], last.centre.y, "sigmoid", colour, about=about)
    return gated(streams, last, name, node, colour)


def _output(streams: Lanes, use: Use, average: Node) -> float:
    times = gate(streams, use, "r", average, "linear")
    return leave(streams.sheet, back(streams, use, times, use.block.number("inner")))
