"""Numbers in the margin: a hairline rule with a leader to the block that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import Line, Point
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.numbers import Number

PITCH = 17.0
NUMBER = 12.0
LABELS = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
"""Px of type: of labels, the largest in which all of a block's stand whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where callouts stand: their rule, and the right edge of their labels."""

    rule: float
    right: float


def put(sheet: Sheet, numbers: Sequence[Number], left: float, top: float, right: float) -> None:
    """Rows from the left edge: numbers right-aligned, labels after them, cut where they must be."""
    if not numbers:
        return
    column = left + max(width(n.value, NUMBER, 600, tabular=_figures(n.value)) for n in numbers)
    room = right - column - 6
    size = min(fitting(number.label, room, LABELS) for number in numbers)
    for index, number in enumerate(numbers):
        y = top + 11.0 + index * PITCH
        style = Type(size=NUMBER, weight=600, role="ink", anchor="end", about=number.about)
        style["tabular"] = _figures(number.value)
        sheet.label(column, y, number.value, **style)
        sheet.label(column + 6, y, cut(number.label, room, size), size=size)


def _figures(value: str) -> bool:
    """Whether a value is digits in a column; words and sums keep their own spacing."""
    return value.replace(",", "").isdigit()


def beside(
    sheet: Sheet,
    numbers: Sequence[Number],
    place: Place,
    block: Point,
    span: tuple[float, float],
) -> float:
    """Rows centred on the right edge of a block, kept inside `span`; gives their top back."""
    if not numbers:
        return block.y
    high = len(numbers) * PITCH - 1
    top = min(max(block.y - high / 2, span[0]), max(span[1] - high, span[0]))
    sheet.rule(Point(place.rule, top), Point(place.rule, top + high))
    if not top + 4 <= block.y <= top + high - 4:
        sheet.rule(Point(place.rule, block.y), Point(place.rule, top))
    points = (block, Point(place.rule, block.y))
    sheet.put(Line(points=points, kind="leader", role="hairline", thickness=1))
    put(sheet, numbers, place.rule + 10, top, place.right)
    return top


def under(sheet: Sheet, numbers: Sequence[Number], place: Place, block: Point) -> None:
    """Rows below a split block, for what all of its rows share."""
    high = len(numbers) * PITCH - 1
    top = block.y + 8 + PITCH
    middle = top + high / 2
    lane = place.rule - 14
    points = (block, Point(lane, block.y), Point(lane, middle), Point(place.rule, middle))
    sheet.put(Line(points=points, kind="leader", role="hairline", thickness=1))
    sheet.rule(Point(place.rule, top), Point(place.rule, top + high))
    put(sheet, numbers, place.rule + 10, top, place.right)


def ranges(lists: Sequence[Sequence[Number]]) -> list[Number]:
    """One row a label where there are too many variants to list: equal values once, others as a range."""
    by_label: dict[str, list[Number]] = {}
    for numbers in lists:
        for number in numbers:
            by_label.setdefault(number.label, []).append(number)
    rows = []
    for name, alike in by_label.items():
        values = list(dict.fromkeys(number.value for number in alike))
        if len(values) == 1 and len(alike) == len(lists):
            rows.append(alike[0])
        else:
            ordered = sorted(values, key=_size)
            least = ordered[0].removesuffix(" ×")
            text = values[0] if len(values) == 1 else f"{least}–{ordered[-1]}"
            rows.append(Number(text, name, alike[0].about))
    return rows


def _size(value: str) -> float:
    digits = "".join(c for c in value if c.isdigit() or c == ".")
    try:
        return float(digits)
    except ValueError:
        return 0.0
