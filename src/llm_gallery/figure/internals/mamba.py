"""Mamba as a drawing: a few decaying numbers a channel, written and read as the convolved token says.

Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from llm_gallery.analysis.units import binary
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
    product,
)
from llm_gallery.figure.internals._state import BYTES, back, gated, over
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, label, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.figure.kit.text import Content, Span, italic, superscript, width
from llm_gallery.mechanisms.activation import activation

NAMES = ("x", "B", "C", "Δ", "z")
CHOSEN = ("B", "C", "Δ")
"""What the token, once convolved, chooses about its own writing and reading."""
BROADEST = 150


def inset(use: Use) -> Inset:
    """The drawing, with the state's update and reading as formulas."""
    streams = lanes(Sheet(), NAMES, MARGIN, use.width - MARGIN, BROADEST)
    _projections(streams, use)
    _convolution(streams, use)
    _choices(streams, use)
    high = _output(streams, use, _state(streams, use))
    return Inset(
        title="Mamba",
        note=use.note("a state, not a cache"),
        mechanism="linear",
        body=body(streams.sheet, use.width, high),
    )


def _projections(streams: Lanes, use: Use) -> None:
    stored = use.block.part("x")
    for name in ("x", "z"):
        shape = arrow("", use.block.number("inner"))
        x, about = streams.at[name], use.about(stored)
        node = matrix(x, FIRST, italic(name), shape, "linear", wide=streams.box, about=about)
        streams.rise(name, node)
    middle = streams.middle("x", "z")
    fork(streams.sheet, middle, [Point(streams.at[name], FIRST + 13) for name in ("x", "z")])
    if use.block.value("bias"):
        streams.sheet.label(middle + 8, FOOT - 1, "with bias", size=SMALL)


def _convolution(streams: Lanes, use: Use) -> None:
    said = f"convolution, {use.block.number('taps')} taps"
    spoken = f"then {activation(str(use.block.value('activation')))}"
    x, y = streams.at["x"], streams.tips["x"].y - GAP - 11
    about = use.about(use.block.child("convolution"))
    wide = min(streams.span("x", "C"), 260)
    left = x - streams.box / 2
    node = pill(
        left + wide / 2, y, said, "convolution", note=spoken, wide=wide, size=11, about=about
    )
    streams.sheet.add(node)
    streams.sheet.wire(streams.tips["x"], Point(x, node.bottom.y))
    streams.tips["x"] = Point(x, node.top.y)


def _choices(streams: Lanes, use: Use) -> None:
    """B, C and the step read what the convolution gives; the step through a bottleneck."""
    block, sheet = use.block, streams.sheet
    states, rank, inner = (block.number(n) for n in ("state_dim", "step_rank", "inner"))
    start = Point(streams.at["x"], streams.tips["x"].y - 16)
    sheet.wire(streams.tips["x"], start, arrow=False)
    sheet.put(dot(*start))
    streams.tips["x"] = start
    y = start.y - 16 - 13
    names: list[Content] = [italic(name) for name in CHOSEN]
    counts = (states, states, rank)
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    stored = block.part("step_down")
    for name, symbol, shape in zip(CHOSEN, names, fitting(names, forms, streams.box), strict=True):
        x, about = streams.at[name], use.about(stored)
        node = matrix(x, y, symbol, shape, "linear", wide=streams.box, about=about)
        sheet.wire(start, Point(x, start.y), node.bottom)
        streams.rise(name, node)
    x = streams.at["Δ"]
    wide = matrix(
        x,
        streams.tips["Δ"].y - GAP - 13,
        "",
        arrow("", inner),
        "linear",
        wide=streams.box,
        about=use.about(block.part("step")),
    )
    streams.rise("Δ", wide)
    about = use.facts("Δ = softplus(dt + bias)", "step_rank")
    node = pill(
        x, wide.top.y - GAP - 11, "softplus", "linear", wide=streams.box, size=11, about=about
    )
    streams.rise("Δ", node)


def _state(streams: Lanes, use: Use) -> Node:
    block, sheet = use.block, streams.sheet
    about = use.facts("state", "inner", "state_dim", "state_dtype")
    node = over(streams, "x", "Δ", about, through=("x", *CHOSEN))
    update: Content = (
        italic("S"), " ← ", italic("e"), superscript("−AΔ"), italic(" S"), " + ",
        italic("Δ x B"), superscript("T"),
    )  # fmt: skip
    reading: Content = (italic("y"), " = ", italic("S C"), " + ", italic("D x"))
    box, inside = node.box, node.box.bounds
    for line, down in ((update, 22.0), (reading, 43.0)):
        text = label(box.x + 14, box.y + down, line, size=14, role="linear.on", inside=inside)
        sheet.put(text)
    rows, columns = block.number("inner"), block.number("state_dim")
    taken = binary(rows * columns * BYTES.get(str(block.value("state_dtype")), 4))
    kept: Content = (Span(product(rows, columns), 600), f" numbers, {taken}")
    right = box.x + box.width - 12
    sheet.put(
        label(right, box.y + 42.5, kept, size=11, role="linear.on", anchor="end", inside=inside),
        drum(right - width(kept, 11) - 16, box.y + 33.5, "linear.solid", "linear.on"),
    )
    return node


def _output(streams: Lanes, use: Use, read: Node) -> float:
    spoken = activation(str(use.block.value("activation")))
    about = use.facts("gate", "activation")
    gate = pill(streams.at["z"], read.centre.y, spoken, "linear", about=about)
    times = gated(streams, read, "z", gate)
    return leave(streams.sheet, back(streams, use, times, use.block.number("inner")))
