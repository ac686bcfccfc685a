"""The numbers that define a block, right of it in the frame of one layer."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.figure.frame.place import Frame
from llm_gallery.figure.kit.shapes import About, Box, Line, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.numbers import Number, numbers
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.plan.place import Choice

MOST_NUMBERS = 5
NUMBER, LABEL, PITCH = 13.0, 12.0, 18.0
"""Px of the type of a number and of what it counts, and from line to line."""


def put(frame: Frame, choice: Choice, box: Box, routes: tuple[Choice, ...]) -> None:
    """What defines a block, right of it, where there is room for the words."""
    rows = _rows(frame, choice, routes)
    left, right = box.bounds.right + 14, frame.right + 8
    count = max((width(row.value, NUMBER, 600) for row in rows), default=0.0)
    room = right - left - 10 - count - 6
    rows = [r._replace(label=_shorter(r.label, room)) for r in rows]
    rows = [r for r in rows if width(r.label, LABEL) <= room]
    middle = box.y + box.height / 2
    if frame.source is not None:  # its line to a later branch passes under the last row
        most = int((2 * (frame.source.y - 4 - middle) + 3) // PITCH)
        rows = rows[: max(0, most)] if middle < frame.source.y else rows
    if not rows:
        return
    count = max(width(row.value, NUMBER, 600) for row in rows)  # of those that are left
    high = len(rows) * PITCH - 3
    top, sheet = middle - high / 2, frame.sheet
    sheet.rule(Point(left, top), Point(left, top + high))
    ends = (Point(box.bounds.right, middle), Point(left, middle))
    sheet.put(Line(points=ends, kind="leader", role="hairline", thickness=1))
    for index, row in enumerate(rows):
        y = top + 12 + index * PITCH
        x = left + 10 + count
        sheet.label(
            x, y, row.value, size=NUMBER, weight=600, role="ink", anchor="end", about=row.about
        )
        sheet.label(x + 6, y, row.label, size=LABEL)


def _rows(frame: Frame, choice: Choice, routes: tuple[Choice, ...]) -> list[Row]:
    """The numbers that define a block, and in how many layers mixtures route in which way."""
    others = tuple(block for _, block in choice.others)
    root = frame.shown.plan.root
    wide = root.number("width") if "width" in root.facts else None
    said = numbers(choice.block, choice.path, wide, others, frame.shown.pictured)
    rows = [
        _run(row) if row.label == "used" else Row(row.value, row.label, row.about) for row in said
    ]
    for route in routes:
        about = tooltip(route.path, route.block, route.name)
        rows.append(Row(f"{route.layers:,}", f"layers {_routed(route)}", about))
    return rows[:MOST_NUMBERS]


def _run(number: Number) -> Row:
    """How many experts run, and how many of them for every token."""
    picked, _, shared = number.value.partition(" + ")
    return Row(picked, f"run, {shared} shared" if shared else "run", number.about)


def _routed(choice: Choice) -> str:
    return "by token id" if choice.block.value("hashed") else "by score"


class Row(NamedTuple):
    """A number, and what it counts."""

    value: str
    label: str
    about: About


def _shorter(label: str, room: float) -> str:
    """What a number counts, without the words that the reader can do without."""
    if width(label, LABEL) <= room:
        return label
    shorter = label.removeprefix("layers ").removeprefix("model ").replace("key, value", "k, v")
    return shorter.replace("q and k size", "q, k size").replace("inner width", "inner")
