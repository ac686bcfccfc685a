"""The lines and signs of the figures, each drawn with what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.figure.kit import accent, stream
from llm_gallery.figure.kit.blocks import Sheet, Words, centred, matrix, pill, trapezoid
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.signs import chip, circle, dot, drum, operation, stream_line, stream_sum
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.colour import TABLES

WIDE = 132.0
"""Px of an example."""
PITCH = 50.0


class Sign(NamedTuple):
    """What is drawn round a point, its name, what it means."""

    draw: Callable[[Sheet, float, float], None]
    name: str
    meaning: str


def put(sheet: Sheet, sign: Sign, x: float, y: float) -> None:
    """A sign with its words, its middle at y."""
    sign.draw(sheet, x + WIDE / 2, y)
    sheet.label(x + WIDE + 18, y - 3, sign.name, size=13, weight=600, role="ink")
    sheet.label(x + WIDE + 18, y + 13, sign.meaning, size=12)


def _stream(sheet: Sheet, x: float, y: float) -> None:
    ends = Point(x - WIDE / 2, y), Point(x + WIDE / 2, y)
    sheet.put(stream_line(*ends, arrow=True), dot(x, y, "stream", 4.25))


def _sums(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(stream_sum(x - 24, y))
    sheet.add(operation(x + 24, y, "+"))


def _streams(sheet: Sheet, x: float, y: float) -> None:
    """Four lines that a branch reads and writes, upright as in a frame but short."""
    lines = (-7.5, -2.5, 2.5, 7.5)
    for middle, sign in ((x - 28, ""), (x + 28, "+")):
        across = [middle + line for line in lines]
        stream.run(sheet, across, 2.0, y + 20, y - 20, [(y + 7.5, y - 7.5)])
        stream.bar(sheet, across, y, sign)


def _wire(sheet: Sheet, x: float, y: float) -> None:
    sheet.wire(Point(x - WIDE / 2, y), Point(x + WIDE / 2, y))


def _chip(sheet: Sheet, x: float, y: float) -> None:
    node = sheet.add(chip(x, y, "× 0.175"))
    sheet.wire(Point(x - WIDE / 2, y), node.left)
    sheet.wire(node.right, Point(x + WIDE / 2, y))


def _drums(sheet: Sheet, x: float, y: float) -> None:
    sheet.put(drum(x - 5, y - 5))


def _alternatives(sheet: Sheet, x: float, y: float) -> None:
    """Two blocks in a dashed border."""
    sheet.put(Box(x - 66, y - 20, 132, 40, radius=9, edge="full.text", dashed=True, open=True))
    for left, look in ((x - 60, Look("window", Bar())), (x + 3, Look("full", Bar()))):
        sheet.put(*bars(look, [Cell(left, y - 14, 57, 28)]))


def _dashed(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(pill(x, y, "MTP", TABLES, wide=100, high=26, dashed=True))


def _product(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(operation(x, y, "×"))


def _matrix(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(matrix(x, y, "out", "4,096 → 2,048", "full", wide=WIDE))


def _trapezoid(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(trapezoid(x, y, "7,168 → 512", "latent", narrowing=True, wide=WIDE))


def _leader(sheet: Sheet, x: float, y: float) -> None:
    ends = Point(x - WIDE / 2, y), Point(x - 8, y)
    sheet.put(Line(points=ends, kind="leader", role="full.line", thickness=1.5))
    sheet.put(*(dot(end.x, end.y, "full.line", 2.5) for end in ends))
    for at in (x + 16, x + 50):
        box = replace(circle(at, y, 8, "full.solid", None), labelled=True)
        sheet.put(box, *centred(box, "full.on", Words(4, "1", 11, 600)))


def _new(sheet: Sheet, x: float, y: float) -> None:
    box = Box(x - 62, y - 14, 57, 28, fill="full.solid")
    sheet.put(box, accent.ring(box))
    accent.tag(sheet, x + 20, y)


SIGNS = (
    Sign(_stream, "Residual stream", "one unbroken line; a branch reads it at a dot"),
    Sign(_sums, "Sum on the stream, in a branch", "what a branch computes is added"),
    Sign(_streams, "Several streams", "dots: weights to read with; plus: to write with"),
    Sign(_alternatives, "Dashed border", "blocks that layers have by turns"),
    Sign(_dashed, "Dashed block", "in the checkpoint, not run for every token"),
    Sign(_drums, "Drum", "kept for later tokens: cache or state"),
    Sign(_wire, "Wire", "numbers on their way through a branch"),
    Sign(_product, "Product", "a gate"),
    Sign(_chip, "Chip", "a number that the run multiplies with"),
    Sign(_matrix, "Weight matrix", "with its input and output width"),
    Sign(_trapezoid, "Trapezoid", "a matrix that changes the width much"),
    Sign(_leader, "Leader, or the same number", "from a block to the drawing of its inside"),
    Sign(_new, "Outline and NEW", "what the nearest ancestor lacks"),
)
