"""A number of every model over its release date: dots that link to their models, and the median of each quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from llm_gallery.figure.kit.date_axis import COMPRESSED, Axis
from llm_gallery.figure.kit.number_axis import NumberAxis, number_axis
from llm_gallery.figure.sheets.trend_charts import Dot, Panel

WIDTH, HEIGHT = 420, 210
LEFT, TOP, RIGHT, BOTTOM = 46, 12, 414, 182
BEFORE = 0.1
"""All before the axis is even takes a tenth, since there are few models."""


def scatter(panel: Panel, title: str) -> Markup:
    """The chart; the dots' links start where the page of trends stands."""
    dots = sorted(panel.dots, key=lambda dot: (dot.released, dot.id))
    oldest, newest = dots[0].released, dots[-1].released
    dates = _dates(oldest, newest)
    numbers = number_axis(
        [dot.number for dot in dots], BOTTOM, BOTTOM - TOP, doubling=panel.doubling
    )
    parts = [*_years(oldest.year, newest.year, dates), *_grid(panel, numbers)]
    if panel.medians:
        path = "L".join(_place(day, number, dates, numbers) for day, number in panel.medians)
        parts.append(Markup('<path class="median" d="M{}"/>').format(path))
    parts += [_dot(dot, dates, numbers) for dot in dots]
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, title, Markup("").join(parts))


def _dates(oldest: date, newest: date) -> Axis:
    """To the end of the newest year."""
    start = min(oldest, date(2018, 1, 1))
    end = date(max(newest, COMPRESSED).year + 1, 1, 1)
    return Axis(((start, LEFT), (COMPRESSED, LEFT + BEFORE * (RIGHT - LEFT)), (end, RIGHT)))


def _years(first: int, last: int, dates: Axis) -> Iterator[Markup]:
    for year in range(COMPRESSED.year, last + 1):
        x, end = (round(dates.at(day), 1) for day in (date(year, 1, 1), date(year, 12, 31)))
        yield Markup('<path class="hair" d="M{} {}V{}"/>').format(x, TOP, BOTTOM)
        yield _text("tick", round((x + end) / 2, 1), BOTTOM + 16, str(year))
    if first < COMPRESSED.year:
        middle = round(LEFT + BEFORE * (RIGHT - LEFT) / 2, 1)
        yield _text("tick", middle, BOTTOM + 16, "before")


def _grid(panel: Panel, numbers: NumberAxis) -> Iterator[Markup]:
    for number in numbers.lines(4, tens=panel.tens):
        y = round(numbers.at(number), 1)
        yield Markup('<path class="hair" d="M{} {}H{}"/>').format(LEFT, y, RIGHT)
        yield _text("tick end", LEFT - 6, y + 3.5, panel.words(number))


def _place(day: date, number: float, dates: Axis, numbers: NumberAxis) -> str:
    return f"{round(dates.at(day), 1)} {round(numbers.at(number), 1)}"


def _dot(dot: Dot, dates: Axis, numbers: NumberAxis) -> Markup:
    """Reached with the pointer; with the keyboard by the field above the charts."""
    x, y = round(dates.at(dot.released), 1), round(numbers.at(dot.number), 1)
    return Markup(
        '<a href="../models/{}/index.html" tabindex="-1"><title>{}, {}</title>'
        '<circle class="{}" cx="{}" cy="{}"/></a>'
    ).format(dot.id, dot.name, dot.words, dot.colour, x, y)


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, x, round(y, 1), words)
