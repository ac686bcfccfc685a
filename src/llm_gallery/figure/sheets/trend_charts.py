"""Charts of trends on one sheet: numbers of all models over time, and the share of each quarter that has a concept.

Plain data in, a drawing out: what is counted is for `lineage` to say (`catalog.trend_charts` joins both).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.date_axis import axis
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.number_axis import number_axis
from llm_gallery.figure.kit.shapes import About, Box, Mark, Picture, Point, Text
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import Colour

WIDE = 1440.0
ACROSS, GUTTER = 3, 36.0
PANEL = (WIDE - 2 * MARGIN - (ACROSS - 1) * GUTTER) / ACROSS
HEAD, PLOT, FOOT = 46.0, 190.0, 44.0
"""Px of a panel's title, of its drawing, and of its dates with the room to the next."""
LEFT = 58.0
"""Px of the words at the lines."""
BARS_ACROSS, BARS = 4, 110.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A model with its number; `words` are the number as readers read it."""

    id: str
    name: str
    released: date
    number: float
    words: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Panel:
    """A number of all models over their release date, and its medians by quarter at the quarters' middles."""

    title: str
    note: str
    dots: Sequence[Dot]
    medians: Sequence[tuple[date, float]]
    words: Callable[[float], str]  # of the numbers at the lines
    doubling: bool  # whether heights go by doublings, or evenly from zero
    tens: bool = False  # by doublings, but with lines at powers of ten


@dataclass(frozen=True, slots=True)
class Bars:
    """A concept: of each quarter's models, how many have it."""

    title: str
    quarters: Sequence[tuple[str, int, int]]  # "2025-Q1", having, models
    colour: Colour


def charts(panels: Sequence[Panel], bars: Sequence[Bars], *, title: str, sentence: str) -> Drawing:
    """The sheet as a drawing; each dot carries `data-model` and a `<title>` with its number."""
    drawn = page(panels, bars, title, sentence)
    described = f"{sentence} {', '.join(panel.title for panel in panels)}."
    return Drawing(drawn, title, described)


def page(
    panels: Sequence[Panel], bars: Sequence[Bars], title: str = "", sentence: str = ""
) -> Picture:
    """The placed sheet."""
    sheet = Sheet()
    title_block(sheet, title, sentence)
    top = 136.0
    high = HEAD + PLOT + FOOT
    for index, panel in enumerate(panels):
        x = MARGIN + index % ACROSS * (PANEL + GUTTER)
        _panel(sheet, panel, x, top + index // ACROSS * high)
    top += ceil(len(panels) / ACROSS) * high + 12
    wide = (WIDE - 2 * MARGIN - (BARS_ACROSS - 1) * GUTTER) / BARS_ACROSS
    for index, one in enumerate(bars):
        x = MARGIN + index % BARS_ACROSS * (wide + GUTTER)
        _bars(sheet, one, x, top + index // BARS_ACROSS * (HEAD + BARS + FOOT), wide)
    top += ceil(len(bars) / BARS_ACROSS) * (HEAD + BARS + FOOT)
    seen = {dot.colour for panel in panels for dot in panel.dots}
    entries(sheet, seen, MARGIN, top)
    return sheet.picture(WIDE, top + MARGIN)


def _panel(sheet: Sheet, panel: Panel, x: float, y: float) -> None:
    sheet.label(x, y + 14, panel.title, size=15, weight=600, role="ink")
    sheet.label(x, y + 32, panel.note, size=12)
    top, left, right = y + HEAD, x + LEFT, x + PANEL
    bottom = top + PLOT
    numbers = number_axis([d.number for d in panel.dots], bottom, PLOT, doubling=panel.doubling)
    dates = axis([dot.released for dot in panel.dots], left + 6, right - 8)
    for value in numbers.lines(5, tens=panel.tens):
        level = numbers.at(value)
        sheet.rule(Point(left, level), Point(right, level))
        sheet.label(left - 8, level + 4, panel.words(value), size=11, anchor="end")
    for year, at in dates.years():
        sheet.rule(Point(at, top), Point(at, bottom))
        sheet.label(at, bottom + 17, f"{year}", size=11, anchor="middle")
    for dot in panel.dots:
        sheet.put(_dot(dot, Point(dates.at(dot.released), numbers.at(dot.number))))
    path = [Point(dates.at(day), numbers.at(number)) for day, number in panel.medians]
    if len(path) > 1:
        sheet.put(_curve(path))


def _dot(dot: Dot, at: Point) -> Box:
    answer = f"{dot.name}, {dot.released.isoformat()}: {dot.words}"
    about = About("", answer, (("model", dot.id),))
    return circle(*at, 3.2, f"{dot.colour}.solid", "paper", 0.75, about)


def _curve(points: Sequence[Point]) -> Mark:
    steps = (f"l{number(b.x - a.x)} {number(b.y - a.y)}" for a, b in pairwise(points))
    across, down = [p.x for p in points], [p.y for p in points]
    return Mark(
        *points[0],
        f"m0 0{''.join(steps)}",
        width=max(across) - min(across),
        height=max(down) - min(down),
        stroke="ink",
        thickness=1.75,
        round=True,
        about=About("", "median of each quarter"),
    )


def _bars(sheet: Sheet, bars: Bars, x: float, y: float, wide: float) -> None:
    """Height is the share of the quarter's models; the number above it, how many."""
    sheet.label(x, y + 14, bars.title, size=13, weight=600, role="ink")
    top, left = y + HEAD - 14, x + 34
    bottom = top + BARS
    step = (x + wide - left) / max(1, len(bars.quarters))
    columns: list[Box] = []
    counts: list[Text] = []
    for index, (quarter, having, models) in enumerate(bars.quarters):
        middle, high = left + (index + 0.5) * step, BARS * having / models
        if having:
            about = About("", f"{having} of {models} models in {quarter}")
            left_edge, fill = middle - step / 2 + 1.5, f"{bars.colour}.solid"
            column = Box(
                left_edge, bottom - high, step - 3, high, radius=1.5, fill=fill, about=about
            )
            columns.append(column)
            counts.append(label(middle, bottom - high - 5, f"{having}", size=10.5, anchor="middle"))
        if quarter.endswith("Q1"):
            sheet.label(middle, bottom + 16, quarter[:4], size=11, anchor="middle")
    for part, words in ((0.0, "0"), (0.5, "50%"), (1.0, "all")):
        at = bottom - part * BARS
        _level(sheet, at, left, x + wide, counts)
        sheet.label(left - 7, at + 4, words, size=11, anchor="end")
    sheet.put(*columns, *counts)


def _level(sheet: Sheet, y: float, left: float, right: float, texts: Sequence[Text]) -> None:
    """A line that leaves out the texts in its way, which stand from left to right."""
    for text in texts:
        span = text.bounds
        if span.top - 2 < y < span.bottom + 2:
            sheet.rule(Point(left, y), Point(span.left - 3, y))
            left = span.right + 3
    sheet.rule(Point(left, y), Point(right, y))
