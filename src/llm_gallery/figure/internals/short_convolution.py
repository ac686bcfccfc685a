"""A short convolution as a drawing: each channel mixes its last few tokens, between two gates.

Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    fork,
    lanes,
    leave,
    rule,
)
from llm_gallery.figure.internals._masks import EXTENT, HEIGHT, View, mask
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import drum, operation
from llm_gallery.figure.kit.text import Content, italic

NAMES = ("B", "x", "C")
BROADEST = 150
WIDE, PANEL = 640, EXTENT + 48
"""Px from which the picture of what a token sees is there, and px that it takes."""


def inset(use: Use) -> Inset:
    """The drawing; `x` is multiplied by a gate before the convolution and by another after it."""
    panel = PANEL if use.width >= WIDE else 0.0
    streams = lanes(Sheet(), NAMES, MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    mixed = _convolution(streams, use)
    high = _output(streams, use, mixed)
    if panel:
        high = _panel(streams.sheet, use, high)
    return Inset(
        title="Short convolution",
        note=use.note("two gates, no softmax"),
        mechanism="convolution",
        body=body(streams.sheet, use.width, high),
    )


def _projections(streams: Lanes, use: Use) -> None:
    """Both gates and the input, from one stored matrix."""
    channels = use.block.number("channels")
    names: list[Content] = [italic(name) for name in NAMES]
    forms = [[arrow(channels, channels)] * 3, [arrow("", channels)] * 3, [f"{channels:,}"] * 3]
    stored = use.block.part("x")
    for name, symbol, shape in zip(NAMES, names, fitting(names, forms, streams.box), strict=True):
        x, about = streams.at[name], use.about(stored)
        node = matrix(x, FIRST, symbol, shape, "convolution", wide=streams.box, about=about)
        streams.rise(name, node)
    middle = streams.at["x"]
    fork(streams.sheet, middle, [Point(x, FIRST + 13) for x in streams.at.values()])
    if use.block.value("bias"):
        streams.sheet.label(middle + 8, FOOT - 1, "all with bias", size=SMALL)


def _convolution(streams: Lanes, use: Use) -> Node:
    sheet, taps = streams.sheet, use.block.number("taps")
    x = streams.at["x"]
    times = sheet.add(operation(x, streams.tips["x"].y - 20, "×", ground="convolution.tint"))
    sheet.wire(streams.tips["x"], times.bottom)
    gate = streams.tips["B"]
    sheet.wire(gate, Point(gate.x, times.left.y), times.left)
    node = sheet.add(
        hero(
            x,
            times.top.y - 20 - 23,
            f"convolution, {taps} taps",
            "convolution",
            wide=streams.box + 60,
            about=use.about(use.block.child("convolution")),
        )
    )
    sheet.wire(times.top, node.bottom)
    sheet.put(drum(x - 20, node.bottom.y + 5))
    sheet.label(x + 8, node.bottom.y + 14, f"last {taps} kept", size=SMALL, weight=500, role="ink")
    return node


def _output(streams: Lanes, use: Use, mixed: Node) -> float:
    sheet, channels = streams.sheet, use.block.number("channels")
    times = sheet.add(operation(mixed.top.x, mixed.top.y - 20, "×", ground="convolution.tint"))
    sheet.wire(mixed.top, times.bottom)
    gate = streams.tips["C"]
    sheet.wire(gate, Point(gate.x, times.right.y), times.right)
    node = sheet.add(
        matrix(
            times.top.x,
            times.top.y - GAP - 13,
            "out",
            arrow(channels, channels),
            "convolution",
            about=use.about(use.block.part("output")),
        )
    )
    sheet.wire(times.top, node.bottom)
    return leave(sheet, node)


def _panel(sheet: Sheet, use: Use, high: float) -> float:
    """What a token sees; gives back the height that both need."""
    high = max(high, HEIGHT + 14)
    x = use.width - EXTENT - MARGIN
    sheet.put(rule(x - 20, high, "convolution"))
    taps = use.block.number("taps")
    mask(sheet, x, 10 - high, View("Local", f"last {taps}", use.block, use.layers), "")
    return high
