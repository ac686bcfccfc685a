"""Models to one scale at their day and their size: as high as they are deep, as wide as they are wide.

Across is the date, up are the parameters by doublings. `scale_places` says where two that meet stand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from statistics import median

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import Block, channel_mixer, mixer
from llm_gallery.figure.kit.axes import DateAxis, Tick, date_axis
from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.chart import ABOVE, BELOW, SIZE, Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Bounds, Box, Mark, Point, Text
from llm_gallery.figure.kit.signs import area, dot, square
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.text import width, wrap
from llm_gallery.figure.sheets.discs import size
from llm_gallery.figure.sheets.scale_places import Wanted, places
from llm_gallery.figure.sheets.size_axis import SizeAxis, size_axis
from llm_gallery.figure.sheets.title_block import MARGIN
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.plan.heading import Models

WIDTH, BOTTOM = 3840.0, 2160.0
"""Px of the sheet's width, and down to the date axis."""
LEFT, TOP = MARGIN + 80, 84.0
"""Px to the first day, and to the largest number of parameters."""
TICK = 24.0
"""Px of the type of dates and sizes: the sheet is shown as wide as a screen, a third of its width."""
LAYER = 1.1
"""Px of a layer's height."""
WIDE = 40.0
"""Px of 8,192 numbers of width."""
NAME = 11.5
"""Px of the type of a name."""
BESIDE = 5.0
"""Px from a tower to its name."""
HEAD = 640.0
"""Px of the title's width."""
LARGE = 30.0
"""Px of the title's type."""
ENOUGH, SPARSER = 8, 2.0
"""Models of a year that a finding is about, at least, and by what the share that runs for a token has fallen."""
LEAST = 1.0
"""Px of what runs for one token at least."""
LARGEST = 500.0
"""Px of a tower, across with its name or down, that the sheet has room for."""
ASIDE = timedelta(days=30)
"""How far from its day a tower stands at most."""
IDLE = 30
"""Share of its ink, in percent, of what one token leaves unread."""
TITLE = "To scale"
SENTENCE = (
    "The lower left corner of each tower is its day and its parameters, from which it is as high as it has "
    "layers and as wide as its residual stream; a row is a layer, in the colour of what mixes its tokens. As "
    "much of the width is full as runs for one token. A tower that would stand on an earlier one moves to the "
    f"nearest free place within {ASIDE.days} days of its own, and a line leads to its point. Years before 2023 and sizes under two billion are compressed."
)


@dataclass(frozen=True)
class Tower:
    """A model with its measures."""

    layers: tuple[Colour, ...]  # of each what mixes its tokens, or where nothing does, what it has
    name: str
    released: date
    width: int  # numbers of the residual stream
    counts: Parameters

    @property
    def wide(self) -> float:
        """Px of the tower's width."""
        return self.width * WIDE / 8192

    @property
    def high(self) -> float:
        """Px of the tower's height."""
        return len(self.layers) * LAYER

    @property
    def active(self) -> float:
        """Px of its width that run for one token."""
        return max(LEAST, self.wide * self.counts.active / self.counts.total)

    @property
    def size(self) -> str:
        """The parameters in words."""
        return size(self.counts)

    @cached_property
    def reach(self) -> float:
        """Px from the left edge to the end of its name."""
        return self.wide + BESIDE + width(self.name, NAME, 600)

    def wanted(self, at: Point, days: DateAxis) -> Wanted:
        """What it takes at a point, and how far from that it may stand."""
        words = Bounds(self.wide + BESIDE, -10.0, self.reach, 1.0)
        aside = min(abs(days.at(self.released + by) - at.x) for by in (ASIDE, -ASIDE))
        return Wanted(at, Bounds(0, -self.high, self.wide, 0), words, aside)


@dataclass(frozen=True, slots=True)
class Plot:
    """The towers over their grid alone, for a page that says the rest: ticks are parts of the drawing's sides."""

    drawing: Drawing
    days: Sequence[Tick]
    sizes: Sequence[Tick]
    colours: Collection[Colour]
    finding: str


def plot(models: Models) -> Plot:
    """Each model at its day and size, without title, key and words of the axes."""
    towers, sheet, grid = towers_of(models), Sheet(), Sheet()
    high = BOTTOM + MARGIN
    days: list[Tick] = []
    sizes: list[Tick] = []
    if towers:
        dates, numbers = axes(towers)
        points = _points(towers, dates, numbers)
        feet = _feet(towers, points, dates, ())
        texts = [_name(tower, at) for tower, at in zip(towers, feet, strict=True)]
        chart = Chart(grid, Bounds(LEFT, TOP, WIDTH - MARGIN, BOTTOM), TICK)
        levels = numbers.ticks(max(tower.counts.total for tower in towers))
        chart.levels(levels, texts)
        chart.uprights(dates.ticks(), texts)
        sheet.put(*(shape for shape in grid.shapes if not isinstance(shape, Text)))
        _leads(sheet, points, feet)
        _stand(sheet, towers, points, feet, pressed=True)
        days = [replace(tick, at=tick.at / WIDTH) for tick in dates.ticks()]
        sizes = [replace(tick, at=tick.at / high) for tick in levels]
    drawing = Drawing(sheet.picture(WIDTH, high), TITLE, _described(towers))
    colours = {colour for tower in towers for colour in tower.layers}
    return Plot(drawing, days, sizes, colours, finding(towers))


def scale(models: Models) -> Drawing:
    """Each model at its day and size; those without a date or a width, or too large, are left out and named."""
    towers, sheet = towers_of(models), Sheet()
    title = f"{TITLE}: {found}" if (found := finding(towers)) else TITLE
    bottom = head = _head(sheet, title)
    if towers:
        bottom = BOTTOM + BELOW * TICK / SIZE + 6
        _plot(sheet, towers, head)
    left_out = sorted({heading.line for _, heading in models} - {tower.name for tower in towers})
    if left_out:
        bottom += 26
        missing = f"Without date or width, or too large for the sheet: {', '.join(left_out)}."
        bottom = sheet.lines(MARGIN, bottom, wrap(missing, WIDTH - 2 * MARGIN, 12, lines=9), 18)
    return Drawing(sheet.picture(WIDTH, bottom + MARGIN), title, _described(towers))


def _described(towers: Sequence[Tower]) -> str:
    return " ".join(
        f"{tower.released:%Y-%m-%d} {tower.name}: {len(tower.layers):,} layers, {tower.width:,} wide, "
        f"{tower.size}."
        for tower in towers
    )


def finding(towers: Sequence[Tower]) -> str:
    """How much less of a model runs for a token than in the first year, where that is much less."""
    years = {year: [*held] for year, held in groupby(towers, lambda tower: tower.released.year)}
    shares = {
        year: median(tower.counts.active / tower.counts.total for tower in held)
        for year, held in years.items()
        if len(held) >= ENOUGH
    }
    if not shares:
        return ""
    first, last = min(shares), max(shares)
    if shares[last] * SPARSER > shares[first]:
        return ""
    return f"the median model runs {shares[last]:.0%} of its weights for a token in {last}, {shares[first]:.0%} in {first}"


def towers_of(models: Models) -> list[Tower]:
    """The models that stand on the sheet, the first released first."""
    towers = []
    for architecture, heading in models:
        root = architecture.root
        counts = parameters(root)
        if heading.released is None or "width" not in root.facts or not counts.total:
            continue
        day, width = heading.released, root.number("width")
        towers.append(Tower(_layers(root), heading.line, day, width, counts))
    fitting = (tower for tower in towers if max(tower.reach, tower.high) <= LARGEST)
    return sorted(fitting, key=lambda tower: (tower.released, tower.name))


def axes(towers: Sequence[Tower]) -> tuple[DateAxis, SizeAxis]:
    """Where days and parameters stand."""
    room = max(tower.reach for tower in towers)
    days = date_axis([tower.released for tower in towers], LEFT, WIDTH - MARGIN - room)
    totals = [tower.counts.total for tower in towers]
    tallest = max(tower.high for tower in towers)
    return days, size_axis(totals, BOTTOM - 4, TOP + tallest)


def _plot(sheet: Sheet, towers: Sequence[Tower], head: float) -> None:
    days, numbers = axes(towers)
    points = _points(towers, days, numbers)
    frame = Bounds(LEFT, TOP, WIDTH - MARGIN, BOTTOM)
    key = Sheet()
    _key(key, towers, head)
    corner = Bounds(0, 0, MARGIN + HEAD + 20, head + KEY)
    axis = Sheet()
    ticks = numbers.ticks(max(tower.counts.total for tower in towers))
    levels = [tick for tick in ticks if tick.at > head]
    kept = [corner]
    for tick in levels[:2][-1:]:
        unit = axis.label(LEFT + 8, tick.at - 9, "parameters", size=TICK * 0.75)
        kept.append(unit.bounds)
    feet = _feet(towers, points, days, kept)
    texts = [_name(tower, at) for tower, at in zip(towers, feet, strict=True)]
    said = [s for s in (*sheet.shapes, *key.shapes, *axis.shapes) if isinstance(s, Text)]
    chart = Chart(sheet, frame, TICK)
    chart.levels(levels, [*texts, *said])
    chart.dates(days, [*texts, *said])
    for tick in days.ticks():
        if tick.at - TICK * 2 > corner.right:
            chart.words(tick, TOP - ABOVE)
    sheet.place(axis, 0, 0)
    _leads(sheet, points, feet)
    sheet.place(key, 0, 0)
    _stand(sheet, towers, points, feet)


def _points(towers: Sequence[Tower], days: DateAxis, numbers: SizeAxis) -> list[Point]:
    return [Point(days.at(t.released), numbers.at(t.counts.total)) for t in towers]


def _feet(
    towers: Sequence[Tower], points: Sequence[Point], days: DateAxis, kept: Sequence[Bounds]
) -> list[Point]:
    """Where each stands: at its point, or near it where an earlier one does."""
    wanted = [tower.wanted(at, days) for at, tower in zip(points, towers, strict=True)]
    return places(wanted, Bounds(LEFT, TOP, WIDTH - MARGIN, BOTTOM - 4), kept)


def _leads(sheet: Sheet, points: Sequence[Point], feet: Sequence[Point]) -> None:
    """Lines from those that moved to their points."""
    for point, foot in zip(points, feet, strict=True):
        if foot != point:
            path = f"l{foot.x - point.x:.1f} {foot.y - point.y:.1f}"
            sheet.put(Mark(*point, path, stroke="muted", thickness=0.75))


def _stand(
    sheet: Sheet,
    towers: Sequence[Tower],
    points: Sequence[Point],
    feet: Sequence[Point],
    *,
    pressed: bool = False,
) -> None:
    """The towers with their names, and the points of those that moved.

    Where towers are pressed, they carry their model's name as its text does.
    """
    for tower, foot in zip(towers, feet, strict=True):
        _tower(sheet, tower, foot, (("name", tower.name),) if pressed else ())
    moved = [point for point, foot in zip(points, feet, strict=True) if foot != point]
    sheet.put(*(dot(*point, radius=2.0) for point in moved))
    sheet.put(*(_name(tower, at) for tower, at in zip(towers, feet, strict=True)))


def _name(tower: Tower, foot: Point) -> Text:
    said = f"{tower.name}, {tower.released.isoformat()}: {tower.size}"
    about = About("", said, (("name", tower.name),))
    x = foot.x + tower.wide + BESIDE
    return label(x, foot.y - 1, tower.name, size=NAME, weight=600, role="ink", about=about)


def _tower(sheet: Sheet, tower: Tower, foot: Point, data: tuple[tuple[str, str], ...]) -> None:
    """Layers from below, equal neighbours as one; of each as much is full as runs for one token."""
    counts, y = tower.counts, foot.y
    answer = f"{counts.total:,} parameters, {counts.active:,} run for one token: {tower.name}"
    about = About("", answer, data)
    place = (foot.x, y - tower.high, tower.wide, tower.high)
    sheet.put(Box(*place, radius=0, edge="muted", open=True, about=about))
    idle = tower.wide - tower.active
    for colour, run in groupby(tower.layers):
        high = len(list(run)) * LAYER
        y -= high
        # A mark, for print blackens low boxes, and windows would be full attention there.
        row = f"h{number(tower.active)}v{number(high)}h-{number(tower.active)}z"
        fill = f"{colour}.solid"
        sheet.put(Mark(foot.x, y, row, width=tower.active, height=high, fill=fill))
        if idle > 0:
            sheet.put(area(foot.x + tower.active, y, idle, high, f"{colour}.{IDLE}"))


def _layers(root: Block) -> tuple[Colour, ...]:
    blocks = [mixer(kind.layer) or channel_mixer(kind.layer) for kind in kinds(root)]
    tones: list[Colour] = ["norm" if block is None else colour_of(block) for block in blocks]
    return tuple(tones[kind] for kind in schedule(root))


def _head(sheet: Sheet, title: str) -> float:
    """Title and sentence; gives the height of their end back."""
    lines = wrap(title, HEAD, LARGE, 600, 4)
    y = sheet.lines(MARGIN, 62, lines, LARGE * 1.2, size=LARGE, weight=600, role="ink")
    return sheet.lines(MARGIN, y, wrap(SENTENCE, HEAD, 15, lines=12), 23, size=15, role="ink")


def _key(sheet: Sheet, towers: Sequence[Tower], top: float) -> None:
    """A tower larger than life with its measures, and the colours."""
    left, right, bottom = LEFT + 24, MARGIN + HEAD, top + KEY
    frame = Box(left, top, right - left, KEY - 24, radius=10, fill="paper", edge="frame", open=True)
    sheet.put(frame)
    wide, high = 84.0, 118.0
    x, ground = left + 84, bottom - 68
    sheet.put(Box(x, ground - high, wide, high, radius=0, edge="muted", open=True))
    for row in range(5):
        colour: Colour = "full" if row == 4 else "window"
        y = ground - (row + 1) * high / 5
        sheet.put(area(x, y, wide / 4, high / 5, f"{colour}.solid"))
        sheet.put(area(x + wide / 4, y, wide * 3 / 4, high / 5, f"{colour}.{IDLE}"))
    sheet.put(dot(x, ground, radius=3.0))
    sheet.label(x - 10, ground - high / 2 + 4, "layers", size=13, anchor="end", role="ink")
    sheet.label(x + wide / 2, ground - high - 10, "width", size=13, anchor="middle", role="ink")
    sheet.label(x - 10, ground + 22, "day, parameters", size=13, role="ink")
    words = "full: runs for", "one token;", "pale: doesn't"
    sheet.lines(x + wide + 12, ground - high + 14, words, 18, size=13, role="ink")
    measures = f"{LAYER:g} px a layer,", f"{WIDE:g} px for 8,192"
    sheet.lines(x + wide + 12, ground - 22, measures, 17, size=12)
    seen = {colour for tower in towers for colour in tower.layers}
    y = top + 36.0
    for colour in (colour for colour in FAMILIES if colour in seen):
        sheet.put(square(right - 204, y - 10, f"{colour}.solid", 11))
        sheet.label(right - 184, y, FAMILIES[colour].name, size=13, role="ink")
        y += 24


KEY = 240.0
"""Px of the key with the room under it, below the title: nobody released large models in the first years."""
