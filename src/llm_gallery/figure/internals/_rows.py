"""The rows of a drawing that is data: pills on lanes, convolutions across some, lanes that start from another."""

from __future__ import annotations

from llm_gallery.figure.internals._foot import Frame, matrices
from llm_gallery.figure.internals._lanes import beside, snug
from llm_gallery.figure.kit.blocks import MATRIX
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import Branch, Convolution, Step
from llm_gallery.mechanisms.wording import said


def rows(frame: Frame) -> None:
    """From the matrices up, as stated."""
    for row in frame.drawing.rows:
        if isinstance(row, Convolution):
            _convolution(frame, row)
        elif isinstance(row, Branch):
            _branch(frame, row)
        else:
            _step(frame, row)


def _branch(frame: Frame, row: Branch) -> None:
    """Lanes that start from another one, which goes on."""
    streams = frame.streams
    tip = streams.tips[row.on]
    start = streams.tips[row.on] = Point(tip.x, tip.y - 16)
    streams.sheet.wire(tip, start, arrow=False)
    streams.sheet.put(dot(*start))
    lanes = [lane for lane in frame.lanes if lane.name in row.to.split()]
    matrices(frame, lanes, start.y - 16 - MATRIX / 2, start)


def _convolution(frame: Frame, row: Convolution) -> None:
    """What it is, in as many words as fit; each lane goes on above it."""
    streams, block, names = frame.streams, frame.use.block, row.across.split()
    taps, then = block.number("taps"), activation(str(block.value("activation")))
    sayings = (
        (f"convolution, {taps} taps", f"then {then}"),
        (f"convolution, {taps}", f"then {then}"),
        (f"convolution, {taps} taps", ""),
    )
    room = min(streams.span(names[0], row.until or names[-1]), row.broadest)
    x = streams.at[names[0]] + (room - streams.box) / 2
    about = frame.use.about(block.child("convolution"))
    node = snug(x, streams.above(*names), sayings, "convolution", room, size=11, about=about)
    streams.sheet.add(node)
    for name in names:
        x = streams.at[name]
        streams.sheet.wire(streams.tips[name], Point(x, node.bottom.y))
        streams.tips[name] = Point(x, node.top.y)


def _step(frame: Frame, row: Step) -> None:
    streams, block = frame.streams, frame.use.block
    names = [name for name in row.on.split() if name in streams.at]
    words = said(row.words, block)
    if not words or not names:
        return
    sayings = ((words, said(row.note, block)),)
    y = streams.above(*names, high=row.high, gap=row.gap)
    about = frame.use.facts(said(row.means, block) or words, *row.facts)
    for name in names:
        node = snug(
            streams.at[name],
            y,
            sayings,
            row.colour or frame.colour,
            min(streams.box, row.broadest),
            size=row.size,
            high=row.high,
            tight=row.tight,
            about=about,
        )
        streams.rise(name, node)
    if row.beside:
        following = list(streams.at).index(names[-1]) + 1
        beside(streams.sheet, node, (row.beside,), list(streams.at.values())[following] - 2)
