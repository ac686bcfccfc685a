"""Schedules of many models under one another: a layer a bar, first layer left, all to one scale, grouped by token mixer."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture, layers, mixers
from llm_gallery.figure.kit.axes import Tick
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.chart import Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.page import description
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.second_channel import channel_line
from llm_gallery.figure.sheets.title_block import MARGIN, title_block, with_finding
from llm_gallery.figure.strip import strip
from llm_gallery.figure.strip.layer_bar import Look
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar, bar_of
from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.mechanisms.wording import small
from llm_gallery.plan.heading import Heading, Models
from llm_gallery.plan.planning import plan

COLUMN, BETWEEN = 1120.0, 64.0
"""Px of a column of models, and to the next one."""
SIZES, LEFT, RIGHT = 262.0, 312.0, 1108.0
"""Where parameters end in a column, where the first layer begins, and where the last one of the deepest model ends."""
FIRST, PITCH, HEAD, APART = 196.0, 36.0, 46.0, 12.0
"""Px to the first group, from model to model, of a group's name, and between groups."""
RATIO = 1.414
"""Height to width that a sheet of many models comes near to: that of paper."""
FEWEST = 3
"""Models of a group at least that stand in one column."""
TOKEN, CHANNEL = 20.0, 5.0
WIDEST = 14.0
"""Px of a layer at most."""
MOST = 40
"""Models in one column; more stand in two."""
TITLE = "Layers, from first to last"
SENTENCE = (
    "One bar a layer, first to last: above what mixes tokens, below what works on each token alone. "
    "In a group plain models stand first, then shallow ones."
)


class Group(NamedTuple):
    """Models whose layers mix tokens with the same mechanisms."""

    colours: tuple[Colour, ...]
    models: list[tuple[Architecture, Heading]]
    before: int = 0  # models of it in the columns before
    all_of_it: int = 0  # its models in all columns; 0 where they stand in one

    @property
    def high(self) -> float:
        """Px of its name and its models."""
        return HEAD + len(self.models) * PITCH

    @property
    def name(self) -> str:
        """Its mechanisms."""
        names = [FAMILIES[colour].name for colour in self.colours] or ["No mixing of tokens"]
        return " + ".join([names[0], *map(small, names[1:])])

    @property
    def tally(self) -> str:
        """How many models it has; where it is parted, which of them stand here."""
        if not self.all_of_it:
            return f"{len(self.models):,}"
        last = self.before + len(self.models)
        return f"{self.before + 1:,} to {last:,} of {self.all_of_it:,}"


def schedules(models: Models) -> Drawing:
    """The comparison as a drawing; in a group the shallowest first."""
    sheet, groups = Sheet(), _groups(models)
    columns = _columns(groups)
    wide = 2 * MARGIN + len(columns) * (COLUMN + BETWEEN) - BETWEEN
    title = with_finding(TITLE, _finding(groups), wide)
    title_block(sheet, title, SENTENCE)
    seen = {colour for one, _ in models for colour in plan(one.root).mechanisms}
    entries(sheet, seen, MARGIN, 130)
    channel_line(sheet, MARGIN, 156)
    deepest = max((len(layers(one.root)) for one, _ in models), default=1)
    pitch = min(WIDEST, (RIGHT - LEFT) / max(deepest, 1))
    ends = []
    for index, groups in enumerate(columns):
        x, y = MARGIN + index * (COLUMN + BETWEEN), FIRST
        for group in groups:
            _group(sheet, group, x, y, deepest, pitch)
            y += group.high + APART
        ends.append(y - APART)
    bottom = max(ends, default=FIRST)
    return Drawing(sheet.picture(wide, bottom + MARGIN), title, description.models(models))


def _finding(groups: Sequence[Group]) -> str:
    """What most of several models have."""
    total = sum(len(group.models) for group in groups)
    largest = max(groups, key=lambda group: len(group.models), default=None)
    if largest is None or len(groups) < 2:
        return ""
    alone = " alone" if len(largest.colours) == 1 else ""
    return f"{len(largest.models):,} of {total:,} models have {small(largest.name)}{alone}"


def _groups(models: Models) -> list[Group]:
    """Models by their mechanisms, in the order of the legend, fewer mechanisms first."""
    order = list(FAMILIES)
    found: dict[tuple[Colour, ...], list[tuple[Architecture, Heading]]] = {}
    for architecture, heading in models:
        mixing = {colour_of(b) for kind in kinds(architecture.root) for b in mixers(kind.layer)}
        key = tuple(sorted(mixing, key=order.index))
        found.setdefault(key, []).append((architecture, heading))
    for group in found.values():
        group.sort(key=lambda one: (_plain(one[0]), len(layers(one[0].root)), one[1].line))
    ranked = sorted(found, key=lambda key: [order.index(colour) for colour in key])
    return [Group(key, found[key]) for key in ranked]


def _plain(architecture: Architecture) -> tuple[int, int]:
    """How many looks its bars have, and of whom bars say more than the colour: those go last."""
    looks = {
        Look(colour_of(b), bar_of(b))
        for kind in kinds(architecture.root)
        for b in mixers(kind.layer)
    }
    return len(looks), sum(look.bar != Bar() for look in looks)


def _columns(groups: Sequence[Group]) -> list[list[Group]]:
    """As many columns of about one height as bring the sheet near to paper; a group may go on in the next one."""
    total = sum(len(group.models) for group in groups)
    columns = range(1, 2 + total // MOST)
    return min((_laid(groups, count) for count in columns), key=_off)


def _off(columns: Sequence[Sequence[Group]]) -> float:
    """How far a sheet of such columns is from the sides of paper; a low one is as good."""
    high = FIRST + max((_high(column) for column in columns), default=0.0)
    wide = 2 * MARGIN + len(columns) * (COLUMN + BETWEEN) - BETWEEN
    return (
        max(0.0, log(high / wide / RATIO)) if len(columns) == 1 else abs(log(high / wide / RATIO))
    )


def _high(column: Sequence[Group]) -> float:
    return sum(group.high + APART for group in column)


def _laid(groups: Sequence[Group], count: int) -> list[list[Group]]:
    """The groups in so many columns, parted where a column is full."""
    each = sum(group.high + APART for group in groups) / count
    columns: list[list[Group]] = [[]]
    for group in groups:
        rest, before = group.models, 0
        while rest:
            last = len(columns) == count
            room = round((each - _high(columns[-1]) - HEAD) / PITCH)
            fits = len(rest) if last or room >= len(rest) - 1 else room
            if fits < min(FEWEST, len(rest)):
                columns.append([])
                continue
            whole = 0 if fits == len(group.models) else len(group.models)
            columns[-1].append(Group(group.colours, rest[:fits], before, whole))
            rest, before = rest[fits:], before + fits
    return columns


def _group(sheet: Sheet, group: Group, x: float, y: float, deepest: int, pitch: float) -> None:
    at = x
    for colour in group.colours:
        sheet.put(square(at, y + 2, f"{colour}.solid", 11))
        at += 15
    sheet.label(at + 3, y + 12, group.name, size=15, weight=600, role="ink")
    sheet.label(at + 13 + width(group.name, 15, 600), y + 12, group.tally, size=13)
    first = y + HEAD
    _axis(sheet, x, first, deepest, pitch, first + len(group.models) * PITCH - 8)
    for index, (architecture, heading) in enumerate(group.models):
        _row(sheet, architecture, heading, x, first + index * PITCH, pitch)


def _row(
    sheet: Sheet, architecture: Architecture, heading: Heading, x: float, y: float, pitch: float
) -> None:
    root = architecture.root
    right, total = x + SIZES, short(parameters(root).total)
    room = right - x - width(total, 12, tabular=True) - 12
    sheet.fitted(x, y + 14, heading.line, room, (13.0, 12.5, 12.0), weight=600, role="ink")
    sheet.label(right, y + 14, total, size=12, anchor="end", tabular=True)
    depth = f"{len(layers(root)):,}"
    sheet.label(x + LEFT - 12, y + 14, depth, size=12, role="ink", anchor="end", tabular=True)
    place = Strip(
        left=x + LEFT, top=y, pitch=pitch, token=TOKEN, channel=CHANNEL, depth=len(layers(root))
    )
    strip.draw(sheet, root, place, strip.SMALL)


def _axis(sheet: Sheet, x: float, top: float, deepest: int, pitch: float, bottom: float) -> None:
    """Layer numbers over the strips of a group, and hairlines between the layers."""
    sheet.rule(Point(x, top - 22), Point(x + COLUMN, top - 22))
    sheet.label(x + LEFT - 12, top - 9, "layers", size=11, anchor="end")
    sheet.label(x + SIZES, top - 9, "parameters", size=11, anchor="end")
    step = next((n for n in (4, 8, 10, 20, 50, 100, 500) if n * pitch >= 70), 1000)
    numbers = range(step, deepest + 1, step)
    chart = Chart(sheet, Bounds(x + LEFT, top - 4, x + RIGHT, bottom))
    chart.uprights((Tick(x + LEFT + n * pitch, f"{n:,}") for n in numbers), above=True)
