"""The report's charts: adoption of what moved most, by models and by downloads, new designs, and sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from llm_gallery.analysis.units import binary, short
from llm_gallery.census.report.counted import Adoption, Report
from llm_gallery.census.report.tables import concept_name, coverage_text
from llm_gallery.figure.kit.axes import DateAxis, NumberAxis, Tick, number_axis
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.chart import Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Bounds, Point
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.sheets.title_block import MARGIN

WIDE, ACROSS, GUTTER = 1440.0, 4, 30.0
HEAD, PLOT, FOOT, LEFT = 44.0, 130.0, 46.0, 56.0
"""Px of a panel's title, its drawing, its dates with the room to the next, and the words at its lines."""
DRAWN, YEAR = 12, 12
"""Concepts that are drawn: those whose share of models moved most between the last two spans of so many months."""
DOWNLOADS = "5 3"
"""How the line is dashed that is weighted by downloads."""
Words = Callable[[float], str]
KEY = "Solid: share of the month's models; dashed: share of their downloads."
NUMBERS: tuple[tuple[str, str, Words], ...] = (
    ("total", "Parameters", lambda number: short(int(number)).replace(".00", "")),
    ("context", "Context, tokens", lambda number: _tokens(int(number))),
    ("cache_bytes_per_token", "Cache for each token", lambda number: binary(int(number))),
)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value a month."""

    name: str
    values: Sequence[tuple[date, float]]
    role: str
    thickness: float = 2.0
    dash: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: shares where `words` is None, else numbers, by doublings or evenly from zero."""

    title: str
    note: str
    series: Sequence[Series]
    words: Words | None = None
    doubling: bool = False
    tens: bool = False  # by doublings, but with lines at powers of ten


def drawn(report: Report) -> Drawing:
    """All panels on one sheet."""
    sheet = Sheet()
    sheet.label(MARGIN, 68, "A census", size=34, weight=600, role="ink", tracking=-0.7)
    below = sheet.lines(
        MARGIN, 98, wrap(coverage_text(report), WIDE - 2 * MARGIN, 14), 20, size=14, role="ink"
    )
    sheet.label(MARGIN, below, KEY, size=14)
    wide, top = (WIDE - 2 * MARGIN - (ACROSS - 1) * GUTTER) / ACROSS, below + 34
    panels = [*adoption(report), *numbers(report)]
    for index, panel in enumerate(panels):
        x = MARGIN + index % ACROSS * (wide + GUTTER)
        y = top + index // ACROSS * (HEAD + PLOT + FOOT)
        sheet.label(x, y + 14, panel.title, size=14, weight=600, role="ink")
        sheet.label(x, y + 31, panel.note, size=12)
        draw_panel(sheet, panel, Bounds(x + LEFT, y + HEAD, x + wide, y + HEAD + PLOT))
    high = top + ceil(len(panels) / ACROSS) * (HEAD + PLOT + FOOT)
    return Drawing(sheet.picture(WIDE, high + MARGIN), "A census", coverage_text(report))


def adoption(report: Report, shown: int = DRAWN) -> list[Panel]:
    """The concepts that moved most, the most risen first."""
    if len(report.months) < 2:
        return []
    moved = {adoption.concept: _moved(report, adoption) for adoption in report.adoption}
    most = sorted(
        report.adoption, key=lambda adoption: (-abs(moved[adoption.concept]), adoption.concept)
    )[:shown]
    return [
        _share(report, adoption)
        for adoption in sorted(
            most, key=lambda adoption: (-moved[adoption.concept], adoption.concept)
        )
    ]


def _moved(report: Report, adoption: Adoption) -> float:
    """By how much its share of models in the last span differs from that in the span before."""
    span = min(YEAR, len(report.months) // 2)
    of = [month.models for month in report.months]
    now = sum(adoption.models[-span:]) / sum(of[-span:])
    return now - sum(adoption.models[-2 * span : -span]) / sum(of[-2 * span : -span])


def _share(report: Report, adoption: Adoption) -> Panel:
    months, last = report.months, report.months[-1]
    models = [(m.month, n / m.models) for m, n in zip(months, adoption.models, strict=True)]
    weighted = [
        (m.month, n / m.downloads)
        for m, n in zip(months, adoption.downloads, strict=True)
        if m.downloads
    ]
    return Panel(
        concept_name(adoption.concept),
        f"{adoption.models[-1]:,} of {last.models:,} models in {last.month:%Y-%m}",
        (
            Series("of the downloads", weighted, "full.line", 1.4, DOWNLOADS),
            Series("of the models", models, "full.line", 2.2),
        ),
    )


def numbers(report: Report) -> Iterator[Panel]:
    """New designs of each month, and the sizes of its new architectures."""
    if len(report.new_by_month) > 1:
        by_month = {row["month"]: float(row["designs"]) for row in report.new_by_month}
        counts = [
            (month, by_month.get(month, 0.0))
            for month in _months(min(by_month), report.months[-1].month)
        ]
        yield Panel(
            "New designs", "by the month of the first repository", (Series("designs", counts, "moe.line"),), _whole
        )  # fmt: skip
    for name, title, words in NUMBERS:
        rows = [row for row in report.sizes if row[name] and min(row[name]) > 0]
        if len(rows) > 1:
            lines = (_tenth(rows, name, 0), _tenth(rows, name, 2), _tenth(rows, name, 1))
            note = "new architectures: the median, and the 10th and 90th percentile"
            yield Panel(title, note, lines, words, doubling=True, tens=name == "total")


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of all months between, both included."""
    for at in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(at // 12, at % 12 + 1, 1)


def _tenth(rows: Sequence[dict[str, Any]], name: str, at: int) -> Series:
    values = [(row["month"], float(row[name][at])) for row in rows]
    kind = ("10th percentile", "median", "90th percentile")[at]
    return Series(kind, values, "mlp.line", 2.2 if at == 1 else 1.0)


def _tokens(number: int) -> str:
    """Powers of two as people say them: 128K, 1M."""
    size, unit = (2**20, "M") if number >= 2**20 else (2**10, "K") if number >= 2**10 else (1, "")
    return f"{number / size:g}{unit}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def draw_panel(sheet: Sheet, panel: Panel, frame: Bounds) -> None:
    """A panel's axes and lines; each line says what it is and its newest value."""
    chart = Chart(sheet, frame)
    values = [value for line in panel.series for _, value in line.values]
    days = [day for line in panel.series for day, _ in line.values]
    dates = DateAxis(((min(days).replace(month=1), frame.left), (max(days), frame.right)))
    words = panel.words or _percent
    if panel.words is None:
        heights = NumberAxis(0, 1, False, frame.bottom, frame.top)
        chart.levels([Tick(heights.at(part), words(part)) for part in (0.0, 0.5, 1.0)])
    else:
        heights = number_axis(values, frame.bottom, frame.top, doubling=panel.doubling)
        chart.levels(heights.ticks(words, tens=panel.tens))
    chart.uprights(dates.ticks())
    for line in panel.series:
        if len(line.values) > 1:
            points = [Point(dates.at(day), heights.at(value)) for day, value in line.values]
            day, value = line.values[-1]
            about = About("", f"{line.name}, {words(value)} in {day:%Y-%m}")
            chart.curve(points, line.role, line.thickness, dash=line.dash, about=about)


def _percent(part: float) -> str:
    return f"{100 * part:.0f}%"
