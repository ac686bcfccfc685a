"""Schedules of many models under one another: a cell a layer, first layer left, all to one scale."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Mark, Picture, Point
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import cut, width
from llm_gallery.figure.model import description
from llm_gallery.figure.model.looks import Look
from llm_gallery.figure.model.plan import Plan, plan
from llm_gallery.figure.model.strip import Cell, shared
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.mechanisms.colour import Colour

WIDTH, MARGIN = 1200.0, 40.0
LEFT, RIGHT = 270.0, 1090.0
"""Where the first layer of all begins, and where the last one of the deepest model ends."""
FIRST, PITCH = 150.0, 31.0
TOKEN, CHANNEL = 13.0, 6.0
WIDEST = 14.0
"""Px of a layer at most."""
TITLE = "Layers, from first to last"
SENTENCE = "One cell a layer: above what mixes tokens, below what works on each token alone."

Models = Sequence[tuple[Architecture, Heading]]


def schedules(models: Models) -> Drawing:
    """The comparison as a drawing."""
    return Drawing(page(models), TITLE, description.models(models))


def page(models: Models) -> Picture:
    """The placed comparison, models in the order given."""
    plans = [plan(architecture.root) for architecture, _ in models]
    deepest = max((shown.depth for shown in plans), default=1)
    pitch = min(WIDEST, (RIGHT - LEFT) / max(deepest, 1))
    bottom = FIRST + len(plans) * PITCH
    sheet = Sheet()
    sheet.label(MARGIN, 68, TITLE, size=34, weight=600, role="ink", tracking=-0.7)
    sheet.label(MARGIN, 98, SENTENCE, size=14, role="ink")
    _axis(sheet, deepest, pitch, bottom)
    seen: set[Colour] = set()
    for index, (shown, (architecture, heading)) in enumerate(zip(plans, models, strict=True)):
        y = FIRST + index * PITCH
        _row(sheet, shown, architecture, heading, y)
        sheet.put(*cells(shown, y, pitch))
        for look in shown.looks:
            seen |= look.mechanisms
    entries(sheet, seen, MARGIN, bottom + 34)
    return sheet.picture(WIDTH, bottom + 34 + MARGIN)


def _row(sheet: Sheet, shown: Plan, architecture: Architecture, heading: Heading, y: float) -> None:
    depth = f"{shown.depth:,}"
    right = LEFT - 12
    room = right - MARGIN - width(depth, 12, tabular=True) - 14
    name = cut(" ".join(heading.name.split()) or "Unnamed model", room, 13, 600)
    sheet.label(MARGIN, y + 14, name, size=13, weight=600, role="ink")
    sheet.label(right, y + 14, depth, size=12, anchor="end", tabular=True)
    total = short(parameters(architecture.root).total)
    sheet.label(WIDTH - MARGIN, y + 14, total, size=12, role="ink", anchor="end", tabular=True)


def _axis(sheet: Sheet, deepest: int, pitch: float, bottom: float) -> None:
    """Layer numbers above the strips, and a hairline through the gaps under each."""
    sheet.label(LEFT - 12, FIRST - 14, "layers", size=11, anchor="end")
    sheet.label(WIDTH - MARGIN, FIRST - 14, "parameters", size=11, anchor="end")
    step = next((n for n in (4, 8, 10, 20, 50, 100, 500) if n * pitch >= 70), 1000)
    for layer in range(step, deepest + 1, step):
        x = LEFT + layer * pitch
        if x > RIGHT - 20 and layer + step <= deepest:
            continue
        sheet.label(x, FIRST - 14, f"{layer:,}", size=11, anchor="middle", tabular=True)
        points = (Point(x, FIRST - 9), Point(x, bottom))
        sheet.rule(*points)


Key = tuple[Cell, float, float]  # the cell, its upper edge and its height


def cells(shown: Plan, y: float, pitch: float) -> list[Mark]:
    """A mark for each look of a cell: equal neighbours are one where layers are fine."""
    gap = 1.0 if pitch >= 4 else 0.5 if pitch >= 2.5 else 0.0
    found: dict[Key, list[tuple[int, int]]] = {}
    for layer, kind in enumerate(shown.schedule):
        for key in _tracks(shown.looks[kind], y):
            runs = found.setdefault(key, [])
            if gap == 0 and runs and runs[-1][1] == layer - 1:
                runs[-1] = (runs[-1][0], layer)
            else:
                runs.append((layer, layer))
    return [_mark(key, runs, pitch, gap, shown.depth) for key, runs in found.items()]


def _tracks(look: Look, y: float) -> list[Key]:
    whole = TOKEN + 1 + CHANNEL
    both = look.mixer is not None and look.channels is not None
    high = TOKEN if both else whole
    found = [
        (Cell(colour, look.hollow and colour == look.mixer), *share)
        for colour, share in shared(look.tokens, y, high)
    ]
    place = (y + TOKEN + 1, CHANNEL) if both else (y, whole)
    works = [colour for colour, _ in look.named]
    return [*found, *((Cell(colour, False), *share) for colour, share in shared(works, *place))]


def _mark(key: Key, runs: Sequence[tuple[int, int]], pitch: float, gap: float, depth: int) -> Mark:
    cell, y, high = key
    line = min(1.25, (pitch - gap) / 3) if cell.hollow else 0.0
    start = at = LEFT + runs[0][0] * pitch + line / 2
    path = ""
    for first, last in runs:
        x = LEFT + first * pitch + line / 2
        wide = number((last - first + 1) * pitch - gap - line)
        path += f"m{number(x - at)} 0" if path else ""
        path += f"v{number(high - line)}h{wide}v-{number(high - line)}z"
        at = x
    count = sum(last - first + 1 for first, last in runs)
    return Mark(
        start,
        y + line / 2,
        path,
        height=high - line,
        fill=f"{cell.colour}.tint" if cell.hollow else f"{cell.colour}.solid",
        stroke=f"{cell.colour}.solid" if cell.hollow else None,
        thickness=line or 1.0,
        about=About("", f"{count:,} of {depth:,} layers"),
    )
