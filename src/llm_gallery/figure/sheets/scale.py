"""Models to one scale where they were released: as high as they are deep, as wide as they are wide.

Beside each tower stands the square of its parameters, and in it the square of those that run for one token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import sqrt

from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.figure.heading import Models
from llm_gallery.figure.kit.axes import DateAxis, date_axis
from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.chart import Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Bounds, Point, Text
from llm_gallery.figure.kit.signs import area
from llm_gallery.figure.kit.text import width, wrap
from llm_gallery.figure.page import schedule_strip as strips
from llm_gallery.figure.page.schedule_strip import Strip
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.plan.planning import plan
from llm_gallery.figure.sheets.discs import size
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.title_block import MARGIN, title_block

AXIS = 3600.0
"""Px of the axis from the first to the last release."""
LAYER = 1.5
"""Px of a layer's height."""
WIDE = 40.0
"""Px of 8,192 numbers of width."""
TRILLION = 56.0
"""Px of the side of the square of 10¹² parameters."""
NAME, SIZE = 11.5, 10.5
"""Px of type under a tower."""
BESIDE, APART = 4.0, 16.0
"""Px from a tower to its square, and from a model to the next one in its row."""
LABELS, DEPTH = 38.0, 18.0
"""Px under and above a tower for what is said of it."""
HEAD = 620.0
"""Px of the title's width."""
TITLE = "To scale"
SENTENCE = (
    "Each model stands where it was released, its left edge on the day: as high as it has layers, as wide "
    "as its residual stream. The square beside it is its parameters, the full one in it those that run for "
    "one token. Years before 2023 are compressed."
)


@dataclass(frozen=True)
class Tower:
    """A model with its measures."""

    shown: Plan
    name: str
    released: date
    width: int  # numbers of the residual stream
    counts: Parameters

    @property
    def wide(self) -> float:
        """Px of the tower's width."""
        return self.width * WIDE / 8192

    @property
    def high(self) -> float:
        """Px of the tower's height."""
        return self.shown.depth * LAYER

    @property
    def sides(self) -> tuple[float, float]:
        """Px of the squares whose areas are all parameters and those of one token."""
        return (
            TRILLION * sqrt(self.counts.total / 1e12),
            TRILLION * sqrt(self.counts.active / 1e12),
        )

    @property
    def size(self) -> str:
        """The parameters in words."""
        return size(self.counts)

    @cached_property
    def reach(self) -> float:
        """Px from the left edge to where the next one may stand."""
        drawn = self.wide + BESIDE + self.sides[0]
        return max(drawn, width(self.name, NAME, 600), width(self.size, SIZE)) + APART

    @property
    def tall(self) -> float:
        """Px of the tower or its square, with the number over it."""
        return max(self.high, self.sides[0]) + DEPTH


def scale(models: Models) -> Drawing:
    """Each model over its day, as low as there is room; those without a date or a width are left out, and named."""
    towers, sheet = _towers(models), Sheet()
    right, bottom = MARGIN + HEAD, _head(sheet)
    if towers:
        dates = date_axis([tower.released for tower in towers], MARGIN, MARGIN + AXIS)
        lefts = [dates.at(tower.released) for tower in towers]
        placed = list(zip(towers, _stacked(towers, lefts, bottom), strict=True))
        right = max(MARGIN + AXIS, *(at.x + tower.reach for tower, at in placed))
        top = min(at.y - tower.tall for tower, at in placed)
        bottom = max(at.y for _, at in placed) + LABELS + 12
        _standing(sheet, dates, placed, top, bottom)
    bottom += 56
    left_out = sorted({heading.line for _, heading in models} - {tower.name for tower in towers})
    if left_out:
        missing = f"Without date or width: {', '.join(left_out)}."
        bottom = sheet.lines(MARGIN, bottom, wrap(missing, right - MARGIN, 11.5, lines=9), 18)
    entries(sheet, {c for tower in towers for c in tower.shown.mechanisms}, MARGIN, bottom)
    described = " ".join(
        f"{tower.released:%Y-%m-%d} {tower.name}: {tower.shown.depth:,} layers, {tower.width:,} wide, "
        f"{tower.size}."
        for tower in towers
    )
    return Drawing(sheet.picture(right + MARGIN, bottom + MARGIN), TITLE, described)


def _towers(models: Models) -> list[Tower]:
    towers = []
    for architecture, heading in models:
        root = architecture.root
        if heading.released is None or "width" not in root.facts:
            continue
        towers.append(
            Tower(
                plan(root),
                heading.line,
                heading.released,
                root.number("width"),
                parameters(root),
            )
        )
    return sorted(towers, key=lambda tower: (tower.released, tower.name))


def _stacked(towers: Sequence[Tower], lefts: Sequence[float], head: float) -> list[Point]:
    """The left end of each tower's ground: as low as those before it leave room, none in the head."""
    grounds: list[float] = []
    for tower, x in zip(towers, lefts, strict=True):
        taken = [
            (ground, other.tall + LABELS)
            for other, left, ground in zip(towers, lefts, grounds, strict=False)
            if left + other.reach > x and left < x + tower.reach
        ]
        free = 0.0
        for ground, high in sorted(taken, reverse=True):
            if free - tower.tall - LABELS >= ground:
                break
            free = min(free, ground - high)
        grounds.append(free)
    tops = [ground - tower.tall for tower, ground in zip(towers, grounds, strict=True)]
    # Dense months stand high, sparse years low: the head has the corner that they leave free.
    beneath = [top for top, x in zip(tops, lefts, strict=True) if x < MARGIN + HEAD + APART]
    shift = max(head - min(beneath, default=0.0), MARGIN - min(tops))
    return [Point(x, ground + shift) for x, ground in zip(lefts, grounds, strict=True)]


def _standing(
    sheet: Sheet, dates: DateAxis, placed: Sequence[tuple[Tower, Point]], top: float, bottom: float
) -> None:
    """Axis, grounds, towers and their words."""
    texts = [text for tower, at in placed for text in _texts(tower, at)]
    head = [shape for shape in sheet.shapes if isinstance(shape, Text)]
    Chart(sheet, Bounds(MARGIN, top, MARGIN + AXIS, bottom)).dates(dates, [*texts, *head])
    for tower, at in placed:
        points = (at, Point(at.x + tower.reach - APART, at.y))
        sheet.rule(*points, role="frame")
        _tower(sheet, tower, at)
    sheet.put(*texts)


def _texts(tower: Tower, at: Point) -> Iterator[Text]:
    about = About("", f"{tower.name}, {tower.released.isoformat()}", (("name", tower.name),))
    depth = f"{tower.shown.depth:,}"
    narrow = width(depth, SIZE, tabular=True) > tower.wide + BESIDE
    top = max(tower.high, tower.sides[0]) if narrow else tower.high  # over its square too
    yield label(at.x, at.y - top - 5, depth, size=SIZE, tabular=True)
    yield label(at.x, at.y + 15, tower.name, size=NAME, weight=600, role="ink", about=about)
    yield label(at.x, at.y + 29, tower.size, size=SIZE)


def _tower(sheet: Sheet, tower: Tower, at: Point) -> None:
    between = min(1.5, tower.wide / 12)
    token = (tower.wide - between) * 0.72
    place = Strip(
        edge=at.x,
        start=at.y,
        pitch=LAYER,
        gap=0.0,
        token=token,
        channel=tower.wide - between - token,
        depth=tower.shown.depth,
        between=between,
    )
    sheet.put(*strips.cells(tower.shown, place, joined=True))
    counts = tower.counts
    titles = f"{counts.total:,} parameters", f"{counts.active:,} run for one token"
    _squares(sheet, Point(at.x + tower.wide + BESIDE, at.y), tower.sides, titles)


def _squares(
    sheet: Sheet, at: Point, sides: tuple[float, float], titles: tuple[str, str] = ("", "")
) -> None:
    """All parameters and those of one token as squares, on one corner."""
    (x, ground), (whole, active) = at, sides
    sheet.put(
        area(x, ground - whole, whole, whole, "embedding.tint", titles[0], "embedding.edge"),
        area(x, ground - active, active, active, "embedding.solid", titles[1]),
    )


def _head(sheet: Sheet) -> float:
    """Title, sentence and the three scales; gives the height of their end back."""
    y = title_block(sheet, TITLE)
    y = sheet.lines(MARGIN, y, wrap(SENTENCE, HEAD, 14, lines=9), 21, size=14, role="ink")
    ground = y + TRILLION + 8
    tall, wide = 30 * LAYER, WIDE
    sheet.put(area(MARGIN, ground - tall, wide, tall, "norm.tint", edge="norm.line"))
    _squares(sheet, Point(MARGIN + 190, ground), (TRILLION, TRILLION * sqrt(0.1)))
    sheet.lines(MARGIN + wide + 10, ground - 18, ("30 layers", "8,192 wide"), 16, size=12)
    words = "1T parameters", "100B active"
    sheet.lines(MARGIN + 190 + TRILLION + 10, ground - 18, words, 16, size=12)
    return ground + 34
