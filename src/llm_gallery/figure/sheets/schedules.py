"""Schedules of many models under one another: a layer a bar, first layer left, all to one scale, grouped by token mixer."""

from __future__ import annotations

from collections.abc import Sequence
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
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
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
LEFT, RIGHT = 244.0, 1040.0
"""Where the first layer begins in a column, and where the last one of the deepest model ends."""
FIRST, PITCH, HEAD = 176.0, 36.0, 46.0
"""Px to the first group, from model to model, and of a group's name."""
TOKEN, CHANNEL = 20.0, 5.0
WIDEST = 14.0
"""Px of a layer at most."""
MOST = 40
"""Models in one column; more stand in two."""
TITLE = "Layers, from first to last"
SENTENCE = "One bar a layer: above its token mixer, below the part that works on each token alone."


class Group(NamedTuple):
    """Models whose layers mix tokens with the same mechanisms."""

    colours: tuple[Colour, ...]
    models: list[tuple[Architecture, Heading]]

    @property
    def high(self) -> float:
        """Px of its name and its models."""
        return HEAD + len(self.models) * PITCH


def schedules(models: Models) -> Drawing:
    """The comparison as a drawing; in a group the shallowest first."""
    sheet = Sheet()
    title_block(sheet, TITLE, SENTENCE)
    channel_line(sheet, MARGIN, 128)
    deepest = max((len(layers(one.root)) for one, _ in models), default=1)
    pitch = min(WIDEST, (RIGHT - LEFT) / max(deepest, 1))
    columns = _columns(_groups(models))
    ends = []
    for index, groups in enumerate(columns):
        x, y = MARGIN + index * (COLUMN + BETWEEN), FIRST
        for group in groups:
            _group(sheet, group, x, y, deepest, pitch)
            y += group.high + 12
        ends.append(y)
    seen = {colour for one, _ in models for colour in plan(one.root).mechanisms}
    bottom = max(ends, default=FIRST) + 24
    entries(sheet, seen, MARGIN, bottom)
    wide = 2 * MARGIN + len(columns) * (COLUMN + BETWEEN) - BETWEEN
    return Drawing(sheet.picture(wide, bottom + MARGIN), TITLE, description.models(models))


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
    """One column, or of many models two of about one height; a group may go on in the second one."""
    whole = sum(len(group.models) for group in groups)
    if whole <= MOST:
        return [list(groups)]
    half = sum(group.high + 12 for group in groups) / 2
    left: list[Group] = []
    right: list[Group] = []
    high = 0.0
    for group in groups:
        fits = round((half - high - HEAD) / PITCH)
        if fits >= len(group.models):
            left.append(group)
        elif fits <= 3 or right:
            right.append(group)
        else:
            left.append(Group(group.colours, group.models[:fits]))
            right.append(Group(group.colours, group.models[fits:]))
        high += group.high + 12
    return [left, right]


def _group(sheet: Sheet, group: Group, x: float, y: float, deepest: int, pitch: float) -> None:
    names = [FAMILIES[colour].name for colour in group.colours] or ["No mixing of tokens"]
    at = x
    for colour in group.colours:
        sheet.put(square(at, y + 2, f"{colour}.solid", 11))
        at += 15
    said = " + ".join([names[0], *map(small, names[1:])])
    sheet.label(at + 3, y + 12, said, size=15, weight=600, role="ink")
    count = f"{len(group.models):,}"
    sheet.label(at + 13 + width(said, 15, 600), y + 12, count, size=13)
    first = y + HEAD
    _axis(sheet, x, first, deepest, pitch, first + len(group.models) * PITCH - 8)
    for index, (architecture, heading) in enumerate(group.models):
        _row(sheet, architecture, heading, x, first + index * PITCH, pitch)


def _row(
    sheet: Sheet, architecture: Architecture, heading: Heading, x: float, y: float, pitch: float
) -> None:
    root = architecture.root
    depth = f"{len(layers(root)):,}"
    right = x + LEFT - 12
    room = right - x - width(depth, 12, tabular=True) - 12
    sheet.fitted(x, y + 14, heading.line, room, (13.0, 12.5, 12.0), weight=600, role="ink")
    sheet.label(right, y + 14, depth, size=12, anchor="end", tabular=True)
    total = short(parameters(root).total)
    sheet.label(x + COLUMN, y + 14, total, size=12, role="ink", anchor="end", tabular=True)
    place = Strip(
        left=x + LEFT, top=y, pitch=pitch, token=TOKEN, channel=CHANNEL, depth=len(layers(root))
    )
    strip.draw(sheet, root, place, strip.SMALL)


def _axis(sheet: Sheet, x: float, top: float, deepest: int, pitch: float, bottom: float) -> None:
    """Layer numbers over the strips of a group, and hairlines between the layers."""
    sheet.rule(Point(x, top - 22), Point(x + COLUMN, top - 22))
    sheet.label(x + LEFT - 12, top - 9, "layers", size=11, anchor="end")
    sheet.label(x + COLUMN, top - 9, "parameters", size=11, anchor="end")
    step = next((n for n in (4, 8, 10, 20, 50, 100, 500) if n * pitch >= 70), 1000)
    numbers = range(step, deepest + 1, step)
    chart = Chart(sheet, Bounds(x + LEFT, top - 4, x + RIGHT, bottom))
    chart.uprights((Tick(x + LEFT + n * pitch, f"{n:,}") for n in numbers), above=True)
