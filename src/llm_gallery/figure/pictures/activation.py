"""What an MLP does: its width widened and narrowed again, and the curve of its activation.

One that also reads the token before, and lets out a share of each number (RWKV's), shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import erf, exp, expm1, sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.figure.pictures.pinch import funnel
from llm_gallery.mechanisms import DRAWN, colour_of
from llm_gallery.mechanisms.activation import function
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, Shift
from llm_gallery.plan.place import Variant

Curve = Callable[[float], float]


def _gelu(x: float) -> float:
    return x * (1 + erf(x / sqrt(2))) / 2


def _silu(x: float) -> float:
    return x / (1 + exp(-x))


def _xielu(x: float) -> float:
    """With the coefficients that training begins at: 0.8 of the square on either side, and a slope of 0.5 at 0.

    Paper: https://arxiv.org/abs/2411.13010
    """
    return 0.8 * x * x + 0.5 * x if x > 0 else 0.8 * (expm1(x) - x) + 0.5 * x


CURVES: Mapping[str, Curve] = {
    "ReLU": lambda x: max(0.0, x),
    "ReLU²": lambda x: max(0.0, x) ** 2,
    "SiLU": _silu,
    "GELU": _gelu,
    "xIELU": _xielu,
}
"""The functions by the names that drawings have."""


def drawn_curve(block: Block) -> Curve | None:
    """The curve of an MLP's activation; None where it is none of these alone."""
    changed = {"gain", "gate_softcap", "limit", "activation_learned"} & block.facts.keys()
    name = function(str(block.value("activation")))
    return None if changed - {"activation_learned"} else CURVES.get(name)


BESIDE = 300.0
"""Px from which the curve stands beside the widths; where there is less room it is left out."""


def activation(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """A token's width, the inner one, and the width again; right of them the curve."""
    block, colour = variants[0].block, colour_of(variants[0].block)
    curve = drawn_curve(block) if wide >= BESIDE else None
    side = 108.0
    room = wide - 32 - (side + 26 if curve else 0)
    inner, stream = block.number("inner"), _stream(block)
    largest, top = max(inner, stream), y + 20
    middle = 16 + room / 2

    def bar(count: int, at: float, role: str) -> tuple[float, float]:
        long = max(4.0, room * count / largest)
        sheet.put(Box(middle - long / 2, at, long, 14, radius=2, fill=role, open=True))
        return middle - long / 2, middle + long / 2

    words = (Span(f"{inner:,}", 600, role=f"{colour}.text"), " numbers inside")
    sheet.label(middle, top + 30 + 31, words, size=13, role="ink", anchor="middle")
    low = top + 118
    read: tuple[str, ...] = (" of a token",)
    if stream:
        a = bar(stream, top + 104, "stream")
        b = bar(inner, top + 30, f"{colour}.solid")
        gated = block.part("receptance") is not None
        c = bar(stream, top - 20, "frame" if gated else "stream")
        funnel(sheet, b, a, top + 44 + 22, top + 104, colour)
        funnel(sheet, c, b, top - 6, top + 30, colour)
        if gated:
            _let_out(sheet, c, top - 20, 16 + room)
        if _shifted(block):
            before = bar(stream, low + 3, "frame")
            sheet.label(before[0] - 10, low - 2, "+", size=15, role="ink", anchor="end")
            low, read = low + 17, (" of a token and of the last one", " of each of two tokens")
        bold = Span(f"{stream:,}", 600, role="ink")
        said = fitting(room, 13, *((bold, words) for words in read), bold)
        sheet.label(middle, low + 18, said, size=13, anchor="middle")
    else:
        bar(inner, top + 30, f"{colour}.solid")
    if curve is not None:
        _graph(sheet, block, curve, Point(wide - 16 - side, y + 2), side)
    return low + 32


def _stream(block: Block) -> int:
    """The width that it reads; none where its experts store it."""
    part = block.part("up") or block.part("key")
    return part.number("inputs") if part is not None and "inputs" in part.facts else 0


def _shifted(block: Block) -> bool:
    """Whether it reads a mix of a token and the last one."""
    drawing = DRAWN[block.kind].drawing
    return isinstance(drawing, LaneDrawing) and isinstance(drawing.foot, Shift)


def _let_out(sheet: Sheet, out: tuple[float, float], top: float, right: float) -> None:
    """The bar in cells that are more or less full, each let out by a share of its own."""
    left, end = out
    cells = max(4, min(len(SHARES), int((end - left) / 6)))
    pitch = (end - left) / cells
    for index, share in enumerate(SHARES[:cells]):
        x = left + index * pitch
        high = 14 * share
        sheet.put(Box(x, top + 14 - high, pitch, high, radius=0, fill="stream", open=True))
    words = "let out by 0 to 1"
    if end + 12 + width(words, 13) <= right:
        sheet.label(end + 12, top + 12, words, size=13)


SHARES = (0.95, 0.35, 0.8, 0.1, 0.6, 0.95, 0.2, 0.9, 0.5, 0.1, 0.7, 0.95, 0.3, 0.85, 0.15, 0.6)
"""How much of each number is let out: an example, as no config says it."""


def _graph(sheet: Sheet, block: Block, curve: Curve, corner: Point, side: float) -> None:
    """The function from −3 to 3, both axes to one scale."""
    x, y = corner
    unit = side / 6
    sheet.put(Box(x, y, side, side, radius=4, fill="paper", edge="frame", open=True))
    zero = y + side * 0.72
    sheet.rule(Point(x, zero), Point(x + side, zero))
    sheet.rule(Point(x + side / 2, y), Point(x + side / 2, y + side))
    points = []
    for step in range(61):
        at = -3 + step / 10
        high = zero - unit * curve(at)
        if high < y + 3:
            break
        points.append((x + side / 2 + unit * at, min(high, y + side - 3)))
    path = "".join(f"l{b[0] - a[0]:.2f} {b[1] - a[1]:.2f}" for a, b in pairwise(points))
    colour = colour_of(block)
    sheet.put(Mark(*points[0], path, stroke=f"{colour}.text", thickness=2, round=True))
    name = function(str(block.value("activation")))
    sheet.label(x + side / 2, y + side + 18, name, size=13, weight=600, role="ink", anchor="middle")


__all__ = ["CURVES", "activation", "drawn_curve"]
