"""The folded schedule in words and swatches, beside the strip: "3 DeltaNet + 1 attention × 12"."""

from __future__ import annotations

from llm_gallery.architecture.repeats import Run, equal_runs, fold
from llm_gallery.figure.blocks import Sheet
from llm_gallery.figure.plan import Plan
from llm_gallery.figure.strip import swatch
from llm_gallery.figure.text import Span, cut, width
from llm_gallery.figure.words import Look

PITCH = 17.0
MOST_LINES = 6
SIDE = 9.0


def pattern(sheet: Sheet, shown: Plan, left: float, top: float, right: float) -> float:
    """Writes depth and pattern from `top` down; gives the height at which it ends back."""
    count = f"{shown.depth:,}"
    sheet.label(left, top + 13, count, size=25, weight=600, role="ink", tabular=True)
    after = left + width(count, 25, 600, tabular=True) + 6
    sheet.label(after, top + 13, "layers" if shown.depth != 1 else "layer", size=12)
    y = top + 26
    runs = fold(_first_looks(shown))
    lines = [line for run in runs for line in _lines(run)]
    distinct = {look for run in runs for look in run.unit}
    if len(distinct) < 2:
        return y
    longest = max((width(_words(line, shown.looks), 12, 600) for line in lines), default=0)
    if len(lines) <= MOST_LINES and left + SIDE + 5 + longest <= right:
        return _written(sheet, lines, shown.looks, left, y, right)
    return _drawn(sheet, runs, shown, left, y, right)


Line = tuple[int | None, str]  # look, and its count; or no look, and how often the unit repeats


def _first_looks(shown: Plan) -> list[int]:
    """The schedule with kinds that look the same as one."""
    first = {look: index for index, look in reversed(list(enumerate(shown.looks)))}
    return [first[shown.looks[kind]] for kind in shown.schedule]


def _lines(run: Run) -> list[Line]:
    groups = equal_runs(run.unit)
    if len(groups) == 1:
        return [(groups[0].unit[0], f"{groups[0].times * run.times:,}")]
    found: list[Line] = [(group.unit[0], f"{group.times:,}") for group in groups]
    return [*found, (None, f"× {run.times:,}")] if run.times > 1 else found


def _words(line: Line, looks: tuple[Look, ...]) -> str:
    look, count = line
    return count if look is None else f"+ {count} {looks[look].short}"


def _written(
    sheet: Sheet,
    lines: list[Line],
    looks: tuple[Look, ...],
    left: float,
    y: float,
    right: float,
) -> float:
    for index, (kind, count) in enumerate(lines):
        if kind is None:
            sheet.label(left, y + 8.5, count, size=12, weight=600, role="ink")
        else:
            look = looks[kind]
            sheet.put(swatch(left, y, look))
            plus = "+ " if index else ""
            name = cut(look.short, right - left - 14 - width(f"{plus}{count} ", 12, 600), 12, 500)
            spans = (Span(f"{plus}{count} ", 600), name)
            sheet.label(left + 14, y + 8.5, spans, size=12, weight=500, role=f"{look.colour}.text")
        y += PITCH
    return y


def _drawn(
    sheet: Sheet, runs: tuple[Run, ...], shown: Plan, left: float, y: float, right: float
) -> float:
    """A pattern too long for words: a legend with counts, then each unit as a row of swatches."""
    order = _first_looks(shown)
    for kind in dict.fromkeys(order):
        look = shown.looks[kind]
        sheet.put(swatch(left, y, look))
        count = f"{order.count(kind):,} "
        name = cut(look.short, right - left - 14 - width(count, 12, 600), 12, 500)
        sheet.label(
            left + 14,
            y + 8.5,
            (Span(count, 600), name),
            size=12,
            weight=500,
            role=f"{look.colour}.text",
        )
        y += PITCH
    y += 4
    side, pitch = 7.0, 9.0
    for run in runs[:MOST_RUNS]:
        groups = run.unit if run.times > 1 or len(run.unit) < 2 else run.unit
        times = run.times
        room = right - left - (30 if times > 1 else 0)
        across = max(1, int(room // pitch))
        shownunit = groups[: across * 3]
        for start in range(0, len(shownunit), across):
            row = shownunit[start : start + across]
            for index, kind in enumerate(row):
                sheet.put(swatch(left + index * pitch, y, shown.looks[kind], side))
            last = start + across >= len(shownunit)
            if last and times > 1:
                sheet.label(
                    left + len(row) * pitch + 4,
                    y + 7.5,
                    f"× {times:,}",
                    size=11.5,
                    weight=600,
                    role="ink",
                )
            y += 12
        y += 1
    if len(runs) > MOST_RUNS:
        sheet.label(left, y + 8, "and so on", size=11)
        y += PITCH
    return y


MOST_RUNS = 9
