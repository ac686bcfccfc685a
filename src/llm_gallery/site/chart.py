"""Cache and state over context: one line a model, both axes by doublings, drawn when the site is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.analysis.memory import Cache
from llm_gallery.analysis.units import binary
from llm_gallery.figure.kit.axes import NumberAxis, number_axis
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.chart import Chart, spread
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds, Mark, Point
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.text import wrap
from llm_gallery.mechanisms.colour import Colour

WIDTH, HEIGHT = 860, 400
FRAME = Bounds(72, 16, 640, 352)
SHORTEST, LONGEST = 10, 20  # powers of two, in tokens
STEPS = 8  # points on the curve for each doubling
NAMES = FRAME.right + 28  # where the names at the ends of lines begin
SIZE, LINE, GAP = 12, 15, 36  # of their type, from line to line, from label to label
DASHES = (None, "7 3", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Curve:
    """A model's cache and state, and the context that it states."""

    name: str
    colour: Colour
    kept: Cache
    context: int | None


def chart(curves: Sequence[Curve], title: str) -> Drawing | None:
    """The first curve is the page's own: heavier, its name in bold. Curves that coincide share a line.

    A model that keeps nothing has none: the axis goes by doublings. None where no model keeps anything.
    """
    drawn = _distinct([curve for curve in curves if curve.kept.at(2**SHORTEST)])
    if not drawn:
        return None
    ends = [group[0].kept.at(2**e) for group in drawn for e in (SHORTEST, LONGEST)]
    lengths = NumberAxis(SHORTEST, LONGEST, True, FRAME.left, FRAME.right)
    sizes = number_axis(ends, FRAME.bottom, FRAME.top, doubling=True)
    sheet = Sheet()
    grid = Chart(sheet, FRAME)
    grid.uprights(lengths.ticks(lambda length: "1M" if length == 2**20 else f"{length / 2**10:g}K"))
    grid.levels(sizes.ticks(lambda size: binary(int(size))))
    sheet.label(FRAME.right, HEIGHT - 8, "context, tokens", size=SIZE, anchor="end")
    for index, (curve, *_) in enumerate(drawn):
        dash = DASHES[index % len(DASHES)]
        _line(grid, curve, lengths, sizes, dash, is_own=curve is curves[0])
    _labels(sheet, drawn, sizes, curves[0])
    return Drawing(sheet.picture(WIDTH, HEIGHT), title)


def crossings(cache: Cache, other: Cache) -> tuple[int, ...]:
    """The lengths, in tokens, from which the order of the two changes."""
    lengths, last, start = [], 0, 1
    for exponent in range(LONGEST + 1):
        length = 2**exponent
        sign = _sign(cache.at(length) - other.at(length))
        if sign and last and sign != last:
            lengths.append(_first(cache, other, start, length, sign))
        if sign:
            last, start = sign, length
    return tuple(lengths)


def _distinct(curves: Sequence[Curve]) -> list[list[Curve]]:
    """Curves in groups that coincide."""
    lengths = [2**e for e in range(SHORTEST, LONGEST + 1)]
    by_values: dict[tuple[int, ...], list[Curve]] = {}
    for curve in curves:
        by_values.setdefault(tuple(curve.kept.at(at) for at in lengths), []).append(curve)
    return list(by_values.values())


def _line(
    grid: Chart,
    curve: Curve,
    lengths: NumberAxis,
    sizes: NumberAxis,
    dash: str | None,
    *,
    is_own: bool,
) -> None:
    """Solid or dashed up to the stated context, a dot where it ends, dotted beyond."""
    end = min(2**LONGEST, max(2**SHORTEST, curve.context or 2**LONGEST))
    steps = [2 ** (SHORTEST + s / STEPS) for s in range((LONGEST - SHORTEST) * STEPS + 1)]
    inside, beyond = (
        [*(at for at in steps if at < end), end],
        [end, *(at for at in steps if at > end)],
    )
    role = f"{curve.colour}.line"

    def points(some: Sequence[float]) -> list[Point]:
        return [Point(lengths.at(at), sizes.at(curve.kept.at(int(at)))) for at in some]

    if len(inside) > 1:
        grid.curve(points(inside), role, 2.6 if is_own else 1.6, dash=dash)
    if len(beyond) > 1:
        grid.curve(points(beyond), role, 1.6 if is_own else 1.2, dash="1 4")
    grid.sheet.put(circle(*points([end])[0], 4 if is_own else 3, role, None))


def _labels(
    sheet: Sheet, drawn: Sequence[Sequence[Curve]], sizes: NumberAxis, curve: Curve
) -> None:
    """Names at the ends of their lines, pushed apart, with a hairline where one had to move."""
    labels = sorted(
        (_label(group, sizes, group[0] is curve) for group in drawn),
        key=lambda label: label.end,
    )
    ends, beyond = [label.end for label in labels], [label.more for label in labels]
    places = spread(ends, beyond, FRAME.top + 4, FRAME.bottom - 14, GAP)
    for label, y in zip(labels, places, strict=True):
        lead = f"h6l10 {y - label.end:.1f}h6"
        sheet.put(Mark(FRAME.right, label.end, lead, width=22, stroke="hairline"))
        at = sheet.lines(NAMES, y - 1, label.own, LINE, size=SIZE, weight=600, role="ink")
        at = sheet.lines(NAMES, at, label.others, LINE, size=SIZE)
        sheet.label(NAMES, at, label.held, size=SIZE - 1)


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands at the end of a line: the page's own name, other models', and what they keep there."""

    end: float
    own: tuple[str, ...]
    others: tuple[str, ...]
    held: str

    @property
    def more(self) -> float:
        """Height beyond that of a label of one line."""
        return LINE * (len(self.own) + len(self.others) - 1)


def _label(group: Sequence[Curve], sizes: NumberAxis, is_own: bool) -> _Label:
    first, others = group[: int(is_own)], group[int(is_own) :]
    at_longest = group[0].kept.at(2**LONGEST)
    return _Label(
        sizes.at(at_longest),
        tuple(line for curve in first for line in wrap(curve.name, WIDTH - NAMES, SIZE, 600)),
        tuple(line for other in others for line in wrap(other.name, WIDTH - NAMES, SIZE)),
        f"{binary(at_longest)} at 1M",
    )


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _first(cache: Cache, other: Cache, low: int, high: int, sign: int) -> int:
    """The first length after `low` at which the difference has that sign, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        if _sign(cache.at(middle) - other.at(middle)) == sign:
            high = middle
        else:
            low = middle
    return high
