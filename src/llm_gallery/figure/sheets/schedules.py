"""Schedules of many models under one another: a cell a layer, first layer left, all to one scale."""

from __future__ import annotations

from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading, Models
from llm_gallery.figure.kit.axes import Tick
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.chart import Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.page import description
from llm_gallery.figure.page.schedule_strip import Strip, cells
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.plan.planning import plan
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import Colour

WIDTH = 1200.0
LEFT, RIGHT = 270.0, 1090.0
"""Where the first layer of all begins, and where the last one of the deepest model ends."""
FIRST, PITCH = 150.0, 31.0
TOKEN, CHANNEL = 13.0, 6.0
WIDEST = 14.0
"""Px of a layer at most."""
TITLE = "Layers, from first to last"
SENTENCE = "One cell a layer: above what mixes tokens, below what works on each token alone."


def schedules(models: Models) -> Drawing:
    """The comparison as a drawing, models in the order given."""
    plans = [plan(architecture.root) for architecture, _ in models]
    deepest = max((shown.depth for shown in plans), default=1)
    pitch = min(WIDEST, (RIGHT - LEFT) / max(deepest, 1))
    bottom = FIRST + len(plans) * PITCH
    sheet = Sheet()
    title_block(sheet, TITLE, SENTENCE)
    _axis(sheet, deepest, pitch, bottom)
    seen: set[Colour] = set()
    for index, (shown, (architecture, heading)) in enumerate(zip(plans, models, strict=True)):
        y = FIRST + index * PITCH
        _row(sheet, shown, architecture, heading, y)
        sheet.put(*cells(shown, _strip(shown.depth, y, pitch)))
        seen |= shown.mechanisms
    entries(sheet, seen, MARGIN, bottom + 34)
    picture = sheet.picture(WIDTH, bottom + 34 + MARGIN)
    return Drawing(picture, TITLE, description.models(models))


def _row(sheet: Sheet, shown: Plan, architecture: Architecture, heading: Heading, y: float) -> None:
    depth = f"{shown.depth:,}"
    right = LEFT - 12
    room = right - MARGIN - width(depth, 12, tabular=True) - 14
    sheet.fitted(MARGIN, y + 14, heading.line, room, (13.0,), weight=600, role="ink")
    sheet.label(right, y + 14, depth, size=12, anchor="end", tabular=True)
    total = short(parameters(architecture.root).total)
    sheet.label(WIDTH - MARGIN, y + 14, total, size=12, role="ink", anchor="end", tabular=True)


def _axis(sheet: Sheet, deepest: int, pitch: float, bottom: float) -> None:
    """Layer numbers above the strips, and a hairline through the gaps under each."""
    sheet.label(LEFT - 12, FIRST - 14, "layers", size=11, anchor="end")
    sheet.label(WIDTH - MARGIN, FIRST - 14, "parameters", size=11, anchor="end")
    step = next((n for n in (4, 8, 10, 20, 50, 100, 500) if n * pitch >= 70), 1000)
    layers = range(step, deepest + 1, step)
    chart = Chart(sheet, Bounds(LEFT, FIRST - 9, RIGHT, bottom))
    chart.uprights((Tick(LEFT + layer * pitch, f"{layer:,}") for layer in layers), above=True)


def _strip(depth: int, y: float, pitch: float) -> Strip:
    return Strip(
        edge=y,
        start=LEFT,
        pitch=pitch,
        gap=1.0 if pitch >= 4 else 0.5 if pitch >= 2.5 else 0.0,
        token=TOKEN,
        channel=CHANNEL,
        depth=depth,
        between=1.0,
        sideways=True,
        rounded=False,
    )
