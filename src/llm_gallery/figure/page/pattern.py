"""The folded schedule in words and swatches, beside the strip: "3 DeltaNet + 1 attention × 12"."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from llm_gallery.architecture.repeats import Run, equal_runs, fold
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Point, Shape
from llm_gallery.figure.kit.text import Span, cut, fitting, width
from llm_gallery.figure.page.schedule_strip import shared, swatch
from llm_gallery.figure.plan.layer_styles import Cell, LayerStyle
from llm_gallery.figure.plan.plan import Plan

PITCH = 17.0
MOST_LINES = 6
SIDE = 9.0
SIZES = (12.0, 11.5, 11.0, 10.5)
"""Px of a legend's type: the largest in which every name stands whole."""


def pattern(sheet: Sheet, shown: Plan, left: float, top: float, right: float) -> float:
    """Writes depth and pattern from `top` down; gives the height at which it ends back."""
    count = f"{shown.depth:,}"
    sheet.label(left, top + 13, count, size=25, weight=600, role="ink", tabular=True)
    after = left + width(count, 25, 600, tabular=True) + 6
    sheet.label(after, top + 13, "layers" if shown.depth != 1 else "layer", size=12)
    y = top + 26
    runs = folded(shown)
    lines = [line for run in runs for line in _lines(run)]
    distinct = {look for run in runs for look in run.unit}
    if len(distinct) < 2:
        return y
    longest = max((width(_words(line, shown.looks), 12, 600) for line in lines), default=0)
    if len(lines) <= MOST_LINES and left + SIDE + 5 + longest <= right:
        return _written(sheet, lines, shown.looks, left, y, right)
    return _drawn(sheet, runs, shown, left, y, right)


Line = tuple[int | None, str]  # look, and its count; or no look, and how often the unit repeats


def first_looks(shown: Plan) -> tuple[int, ...]:
    """The schedule with kinds that look the same as one."""
    first = [shown.looks.index(look) for look in shown.looks]
    return tuple(first[kind] for kind in shown.schedule)


def folded(shown: Plan) -> tuple[Run, ...]:
    """The schedule's runs."""
    return _folded(first_looks(shown))


_folded = lru_cache(maxsize=64)(fold)
"""Several parts of a figure ask for the same runs, and 500 layers without order take long."""


def _lines(run: Run) -> list[Line]:
    groups = equal_runs(run.unit)
    if len(groups) == 1:
        return [(groups[0].unit[0], f"{groups[0].times * run.times:,}")]
    lines: list[Line] = [(group.unit[0], f"{group.times:,}") for group in groups]
    return [*lines, (None, f"× {run.times:,}")] if run.times > 1 else lines


def _words(line: Line, looks: tuple[LayerStyle, ...]) -> str:
    look, count = line
    return count if look is None else f"+ {count} {looks[look].short}"


def _written(
    sheet: Sheet,
    lines: list[Line],
    looks: tuple[LayerStyle, ...],
    left: float,
    y: float,
    right: float,
) -> float:
    for index, (kind, count) in enumerate(lines):
        if kind is None:
            sheet.label(left, y + 8.5, count, size=12, weight=600, role="ink")
        else:
            look, number = looks[kind], Span(f"{'+ ' if index else ''}{count} ", 600)
            cell = Cell(look.colour, look.hollow)
            _entry(sheet, Point(left, y), cell, (number, look.short), right - left - 14, 12)
        y += PITCH
    return y


def _drawn(
    sheet: Sheet, runs: tuple[Run, ...], shown: Plan, left: float, y: float, right: float
) -> float:
    """A pattern too long for words: a legend with counts, then each unit as a row of small layers."""
    rows = legend(shown)
    room = right - left - 14
    counts = [Span(f"{count:,} ", 600) for _, _, count in rows]
    whole = [(count, name) for count, (_, name, _) in zip(counts, rows, strict=True)]
    size = min(fitting(words, room, SIZES, 500) for words in whole)
    for count, (cell, name, _) in zip(counts, rows, strict=True):
        _entry(sheet, Point(left, y), cell, (count, name), room, size)
        y += PITCH
    return units(sheet, runs, shown, left, y + 4, right)


def _entry(
    sheet: Sheet, at: Point, cell: Cell, words: tuple[Span, str], room: float, size: float
) -> None:
    """A cell with a number and a name, which is cut where it must be."""
    count, name = words
    sheet.put(swatch(*at, cell))
    said = (count, cut(name, room - width(count, size, 600), size, 500))
    role = f"{cell.colour}.text"
    sheet.label(at.x + 14, at.y + 8.5, said, size=size, weight=500, role=role)


def legend(shown: Plan) -> list[tuple[Cell, str, int]]:
    """The cells of the strip with their names and how many layers have them: tokens, then channels."""
    tokens, channels = Counter[tuple[Cell, str]](), Counter[tuple[Cell, str]]()
    for kind in shown.schedule:
        look = shown.looks[kind]
        tokens.update((look.cell(colour), look.token) for colour in look.tokens[:1])
        channels.update((Cell(colour), name) for colour, name in dict.fromkeys(look.works))
    counted = (*tokens.items(), *channels.items())
    return [(cell, name, count) for (cell, name), count in counted]


MOST_RUNS = 9
HIGH, LOW, ACROSS = 7.0, 3.0, 9.0
"""Px of a small layer: its token cell, its channel cell, and from layer to layer."""


def units(
    sheet: Sheet, runs: tuple[Run, ...], shown: Plan, left: float, y: float, right: float
) -> float:
    """Each repeating unit as a row of small layers, first layer left, with how often it repeats."""
    rows = _rows(runs)
    for unit, repeats in rows[:MOST_RUNS]:
        times = f"× {repeats:,}" if repeats > 1 else ""
        room = right - left - (width(times, 11.5, 600) + 6 if times else 0)
        across = max(1, int((room + ACROSS - HIGH) // ACROSS))
        for start in range(0, min(len(unit), across * 4), across):
            row = unit[start : min(start + across, across * 4)]
            for index, kind in enumerate(row):
                sheet.put(*small(left + index * ACROSS, y, shown.looks[kind]))
            if times and start + len(row) >= min(len(unit), across * 4):
                sheet.label(
                    left + len(row) * ACROSS + 4, y + 9.5, times, size=11.5, weight=600, role="ink"
                )
            y += HIGH + LOW + 4
        y += 2
    if len(rows) > MOST_RUNS:
        rest = sum(len(unit) * times for unit, times in rows[MOST_RUNS:])
        sheet.label(left, y + 9, f"and {rest:,} more", size=11)
        y += PITCH
    return y


def _rows(runs: tuple[Run, ...]) -> list[tuple[tuple[int, ...], int]]:
    """Units with how often they repeat; what stands once joins its neighbours that do."""
    rows: list[tuple[tuple[int, ...], int]] = []
    for run in runs:
        if run.times == 1 and rows and rows[-1][1] == 1:
            rows[-1] = (rows[-1][0] + run.unit, 1)
        else:
            rows.append((run.unit, run.times))
    return rows


def small(x: float, y: float, look: LayerStyle) -> tuple[Shape, ...]:
    """One layer as in the strip, turned on its side: what mixes tokens above."""
    if look.tokens and look.works:
        works = shared([colour for colour, _ in look.works], x, HIGH, 0.5)
        return (
            *_tokens(x, y, look),
            *(
                Box(left, y + HIGH + 1, wide, LOW, radius=0.5, fill=f"{colour}.solid", open=True)
                for colour, (left, wide) in works
            ),
        )
    if look.tokens:
        return _tokens(x, y, look, LOW + 1)
    return (swatch(x, y, Cell(look.colour), HIGH, HIGH + LOW + 1),)


def _tokens(x: float, y: float, look: LayerStyle, more: float = 0) -> tuple[Shape, ...]:
    """The cells of the mixers of tokens, side by side."""
    return tuple(
        swatch(left, y, look.cell(colour), wide, HIGH + more)
        for colour, (left, wide) in shared(look.tokens, x, HIGH, 0.5)
    )
