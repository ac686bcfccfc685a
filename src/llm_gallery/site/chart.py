"""Cache and state over context: one line a model, both axes logarithmic, drawn when the site is built.

A chart library would weigh 84 MB at build time or 280 kB in the page for lines that never move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log2

from markupsafe import Markup

from llm_gallery.analysis.memory import Cache
from llm_gallery.analysis.units import binary
from llm_gallery.figure.kit.number_axis import NumberAxis
from llm_gallery.figure.kit.text import wrap
from llm_gallery.mechanisms.colour import Colour

WIDTH, HEIGHT = 860, 400
LEFT, TOP, RIGHT, BOTTOM = 72, 16, 640, 352
SHORTEST, LONGEST = 10, 20  # powers of two, in tokens
STEPS = 8  # points on the curve for each doubling
NAMES = RIGHT + 28  # where the names at the ends of lines begin
SIZE, LINE, GAP = 12, 15, 36  # of their type, from line to line, from label to label
DASHES = ("", "7 3", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Curve:
    """A model's cache and state, and the context that it states."""

    name: str
    colour: Colour
    kept: Cache
    context: int | None


def chart(curves: Sequence[Curve], title: str) -> Markup:
    """The first curve is the page's own: heavier, its name in bold. Curves that coincide share a line."""
    drawn = _distinct([curve for curve in curves if curve.kept.at(2**SHORTEST)])
    if not drawn:
        return Markup("")
    values = [
        curve.kept.at(2**e) for group in drawn for curve in group for e in (SHORTEST, LONGEST)
    ]
    low, high = floor(log2(min(values)) / 2) * 2, ceil(log2(max(values)) / 2) * 2
    axis = NumberAxis(low, max(high, low + 2), True, BOTTOM, BOTTOM - TOP)
    parts = [_grid(axis), *(_line(group[0], axis, i) for i, group in enumerate(drawn))]
    parts.append(_labels(drawn, axis))
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, title, Markup("").join(parts))


def crossings(own: Cache, other: Cache) -> tuple[int, ...]:
    """The lengths, in tokens, from which the order of the two changes."""
    found, last, start = [], 0, 1
    for exponent in range(LONGEST + 1):
        length = 2**exponent
        sign = _sign(own.at(length) - other.at(length))
        if sign and last and sign != last:
            found.append(_first(own, other, start, length, sign))
        if sign:
            last, start = sign, length
    return tuple(found)


def _x(length: float) -> float:
    share = (log2(length) - SHORTEST) / (LONGEST - SHORTEST)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(axis: NumberAxis, held: float) -> float:
    return round(axis.at(held), 1)


def _distinct(curves: Sequence[Curve]) -> list[list[Curve]]:
    """Curves in groups that coincide."""
    lengths = [2**e for e in range(SHORTEST, LONGEST + 1)]
    found: dict[tuple[int, ...], list[Curve]] = {}
    for curve in curves:
        found.setdefault(tuple(curve.kept.at(at) for at in lengths), []).append(curve)
    return list(found.values())


def _grid(axis: NumberAxis) -> Markup:
    parts = []
    for exponent in range(SHORTEST, LONGEST + 1, 2):
        x = _x(2**exponent)
        word = f"{2 ** (exponent - 10)}K" if exponent < 20 else "1M"
        parts.append(Markup('<path class="hair" d="M{} {}V{}"/>').format(x, TOP, BOTTOM))
        parts.append(
            Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                x, BOTTOM + 18, word
            )
        )
    step = 2 if axis.high - axis.low <= 10 else 4
    for exponent in range(int(axis.low), int(axis.high) + 1, step):
        y = _y(axis, 2**exponent)
        parts.append(Markup('<path class="hair" d="M{} {}H{}"/>').format(LEFT, y, RIGHT))
        parts.append(
            Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(
                LEFT - 8, y + 4, binary(2**exponent)
            )
        )
    name = Markup('<text class="axis" x="{}" y="{}" text-anchor="end">context, tokens</text>')
    return Markup("").join([*parts, name.format(RIGHT, HEIGHT - 8)])


def _line(curve: Curve, axis: NumberAxis, index: int) -> Markup:
    """Solid or dashed up to the stated context, a dot where it ends, dotted beyond."""
    end = min(2**LONGEST, max(2**SHORTEST, curve.context or 2**LONGEST))
    lengths = [2 ** (SHORTEST + s / STEPS) for s in range((LONGEST - SHORTEST) * STEPS + 1)]
    inside = [at for at in lengths if at < end] + [end]
    beyond = [end] + [at for at in lengths if at > end]
    x, y = _x(end), _y(axis, curve.kept.at(end))
    dash = DASHES[index % len(DASHES)]
    return Markup(
        '<g class="curve {}{}"><path d="{}"{}/><path class="beyond" d="{}"/>'
        '<circle cx="{}" cy="{}" r="{}"/></g>'
    ).format(
        curve.colour,
        " own" if index == 0 else "",
        _path(curve, axis, inside),
        Markup(' stroke-dasharray="{}"').format(dash) if dash else "",
        _path(curve, axis, beyond),
        x,
        y,
        4 if index == 0 else 3,
    )


def _path(curve: Curve, axis: NumberAxis, lengths: Sequence[float]) -> str:
    points = [f"{_x(at)} {_y(axis, curve.kept.at(int(at)))}" for at in lengths]
    return "M" + "L".join(points)


def _labels(drawn: Sequence[Sequence[Curve]], axis: NumberAxis) -> Markup:
    """Names at the ends of their lines, pushed apart, with a hairline where one had to move."""
    labels = sorted(
        (_label(group, axis, index == 0) for index, group in enumerate(drawn)),
        key=lambda label: label.end,
    )
    parts = []
    for label, y in zip(labels, _apart(labels), strict=True):
        parts.append(
            Markup('<path class="lead" d="M{} {}H{}L{} {}H{}"/>').format(
                *(RIGHT, label.end, RIGHT + 6, RIGHT + 16, y, RIGHT + 22)
            )
        )
        for i, line in enumerate(label.lines):
            kind = "name own" if i < label.own else "name"
            parts.append(_text(kind, y - 1 + LINE * i, line))
        parts.append(_text("tick", y - 1 + LINE * len(label.lines), label.held))
    return Markup("").join(parts)


def _text(kind: str, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, NAMES, y, words)


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands at the end of a line: the names of its models, and what they keep there."""

    end: float
    lines: tuple[str, ...]
    own: int  # lines of the page's own name
    held: str

    @property
    def more(self) -> float:
        """Height beyond that of a label of one line."""
        return LINE * (len(self.lines) - 1)


def _label(group: Sequence[Curve], axis: NumberAxis, own: bool) -> _Label:
    first, *others = (wrap(one.name, WIDTH - NAMES, SIZE, 600 if own else 400) for one in group)
    kept = group[0].kept.at(2**LONGEST)
    lines = (*first, *(line for name in others for line in name))
    return _Label(_y(axis, kept), lines, len(first) if own else 0, f"{binary(kept)} at 1M")


def _apart(labels: Sequence[_Label]) -> list[float]:
    """The heights of labels, in the order of the ends of their lines: none over another, all inside the chart."""
    given: list[float] = []
    least = float(TOP + 4)
    for label in labels:
        given.append(max(label.end, least))
        least = given[-1] + GAP + label.more
    limit = float(BOTTOM - 14)
    for i in range(len(given) - 1, -1, -1):
        given[i] = min(given[i], limit - labels[i].more)
        limit = given[i] - GAP
    return given


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _first(own: Cache, other: Cache, low: int, high: int, sign: int) -> int:
    """The first length after `low` at which the difference has that sign, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        if _sign(own.at(middle) - other.at(middle)) == sign:
            high = middle
        else:
            low = middle
    return high
