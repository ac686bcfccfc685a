"""Charts of trends, and all of them on one sheet: numbers of all models over time, and each quarter's share with a concept.

Plain data in, a drawing out: what is counted is for `trends` to say (`trends.charts` joins both).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from llm_gallery.figure.kit.axes import NumberAxis, Tick, date_axis, number_axis
from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.chart import BELOW, Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Bounds, Box, Point, Text
from llm_gallery.figure.kit.signs import circle
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
QUARTERS = 12
"""Quarters of a chart of adoption: three years; fewer stand at the right."""
FEW = 8
"""Designs of a quarter below which its column is pale: one more would change it much."""


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
    """A concept: of the designs that came in a quarter, how many have it; `also` is told of each quarter besides."""

    title: str
    quarters: Sequence[tuple[str, int, int]]  # "2025-Q1", having, designs
    colour: Colour
    also: Sequence[str] = ()


def charts(panels: Sequence[Panel], bars: Sequence[Bars], *, title: str, sentence: str) -> Drawing:
    """The sheet as a drawing; each dot carries `data-model` and a `<title>` with its number."""
    sheet = Sheet()
    title_block(sheet, title, sentence)
    top = 136.0
    high = HEAD + PLOT + FOOT
    for index, panel in enumerate(panels):
        x, y = MARGIN + index % ACROSS * (PANEL + GUTTER), top + index // ACROSS * high
        sheet.label(x, y + 14, panel.title, size=15, weight=600, role="ink")
        sheet.label(x, y + 32, panel.note, size=12)
        scatter(sheet, panel, Bounds(x + LEFT, y + HEAD, x + PANEL, y + HEAD + PLOT))
    top += ceil(len(panels) / ACROSS) * high + 12
    wide = (WIDE - 2 * MARGIN - (BARS_ACROSS - 1) * GUTTER) / BARS_ACROSS
    for index, one in enumerate(bars):
        x = MARGIN + index % BARS_ACROSS * (wide + GUTTER)
        y = top + index // BARS_ACROSS * (HEAD + BARS + FOOT)
        sheet.label(x, y + 14, one.title, size=13, weight=600, role="ink")
        adoption(sheet, one, Bounds(x + 34, y + HEAD - 14, x + wide, y + HEAD - 14 + BARS))
    top += ceil(len(bars) / BARS_ACROSS) * (HEAD + BARS + FOOT)
    seen = {dot.colour for panel in panels for dot in panel.dots}
    entries(sheet, seen, MARGIN, top)
    described = f"{sentence} {', '.join(panel.title for panel in panels)}."
    return Drawing(sheet.picture(WIDE, top + MARGIN), title, described)


def scatter(sheet: Sheet, panel: Panel, frame: Bounds, *, link: str = "") -> None:
    """A dot a model over the lines of both axes, and the medians; `link` with {} for an id makes links of dots."""
    chart = Chart(sheet, frame)
    values = [dot.number for dot in panel.dots]
    numbers = number_axis(values, frame.bottom, frame.top, doubling=panel.doubling)
    dates = date_axis([dot.released for dot in panel.dots], frame.left + 6, frame.right - 8)
    chart.levels(numbers.ticks(panel.words, tens=panel.tens))
    chart.dates(dates)
    for dot in sorted(panel.dots, key=lambda dot: (dot.released, dot.id)):
        at = Point(dates.at(dot.released), numbers.at(dot.number))
        answer = f"{dot.name}, {dot.released.isoformat()}: {dot.words}"
        about = About("", answer, (("model", dot.id),), link=link.format(dot.id))
        sheet.put(circle(*at, 3.2, f"{dot.colour}.solid", "paper", 0.75, about))
    path = [Point(dates.at(day), numbers.at(number)) for day, number in panel.medians]
    chart.curve(path, "ink", 1.75, about=About("", "median of each quarter"))


def adoption(sheet: Sheet, bars: Bars, frame: Bounds) -> None:
    """Height is the share of the quarter's designs; the number above it, how many."""
    chart, parts = Chart(sheet, frame), NumberAxis(0, 1, False, frame.bottom, frame.top)
    step = (frame.right - frame.left) / QUARTERS
    last = len(bars.quarters) - 1
    columns: list[Box] = []
    counts: list[Text] = []
    for index, (quarter, having, designs) in enumerate(bars.quarters):
        middle = frame.right - (last - index + 0.5) * step
        if having:
            top, tone = parts.at(having / designs), "solid" if designs >= FEW else "edge"
            also = f"; {bars.also[index]}" if bars.also else ""
            about = About("", f"{having} of {designs} designs in {quarter}{also}")
            left, wide, high = middle - step / 2 + 1.5, step - 3, frame.bottom - top
            fill = f"{bars.colour}.{tone}"
            columns.append(Box(left, top, wide, high, radius=1.5, fill=fill, about=about))
            counts.append(label(middle, top - 5, f"{having}", size=10.5, anchor="middle"))
        if quarter.endswith("Q1") or index == last:
            words = quarter[:4] if quarter.endswith("Q1") else quarter[5:]
            chart.words(Tick(middle, words), frame.bottom + BELOW)
    levels = ((0.0, "0"), (0.5, "50%"), (1.0, "all"))
    chart.levels([Tick(parts.at(part), words) for part, words in levels], counts)
    sheet.put(*columns, *counts)
