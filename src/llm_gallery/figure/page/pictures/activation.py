"""What an MLP does: its width widened and narrowed again, and the curve of its activation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import erf, exp, expm1, sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.page.pictures.pinch import funnel
from llm_gallery.figure.plan.plan import Variant
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.activation import function

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
    inner = block.number("inner")
    part = block.part("up")
    stream = part.number("inputs") if part is not None and "inputs" in part.facts else 0
    largest, top = max(inner, stream), y + 20
    middle = 16 + room / 2

    def bar(count: int, at: float, role: str) -> tuple[float, float]:
        long = max(4.0, room * count / largest)
        sheet.put(Box(middle - long / 2, at, long, 14, radius=2, fill=role, open=True))
        return middle - long / 2, middle + long / 2

    words = (Span(f"{inner:,}", 600, role=f"{colour}.text"), " numbers inside")
    sheet.label(middle, top + 30 + 31, words, size=13, role="ink", anchor="middle")
    if stream:
        a = bar(stream, top + 104, "stream")
        b = bar(inner, top + 30, f"{colour}.solid")
        c = bar(stream, top - 30 + 10, "stream")
        funnel(sheet, b, a, top + 44 + 22, top + 104, colour)
        funnel(sheet, c, b, top - 6, top + 30, colour)
        sheet.label(
            middle, top + 136, (Span(f"{stream:,}", 600, role="ink"), " of a token"), size=13,
            anchor="middle",
        )  # fmt: skip
    else:
        bar(inner, top + 30, f"{colour}.solid")
    if curve is not None:
        _graph(sheet, block, curve, Point(wide - 16 - side, y + 2), side)
    return top + 150


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
