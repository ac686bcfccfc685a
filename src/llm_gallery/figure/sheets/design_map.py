"""The map of designs: a dot each, named where there is room; what is near differs in little.

Plain data in, a drawing out: where dots stand is for `lineage` to say (`catalog.design_map` joins both).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from statistics import median

from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import About, Anchor, Bounds, Box, Mark, Point, Text
from llm_gallery.figure.kit.signs import circle
from llm_gallery.figure.kit.text import width, wrap
from llm_gallery.figure.sheets.title_block import MARGIN, title_block, with_finding
from llm_gallery.mechanisms.colour import FAMILIES, Colour

WIDE, HIGH = 1440.0, 1120.0
"""Px of the map on its sheet."""
AROUND = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
"""Where a name may stand, to the right and down."""
OFF = (0.0, 3.0, 6.0, 10.0, 15.0)
"""Radii that a name may stand off its dot, with a line to it; only landmarks do."""
LANDMARK = 4
"""Weight of a landmark: four copies or followers."""
APART = 2.0
"""Px between a name and whatever else stands there."""
LEADING = 20.0
REGION, AMONG, STEP = 6, 7, 6
"""Dots of a colour from which it is named, of how many around the name most have it, and px between places tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A design: its place, to the right and up, and what is said of it."""

    id: str
    name: str
    words: str
    x: float
    y: float
    colour: Colour
    sparse: bool
    newest: bool
    weight: int  # those of more weight are named first


@dataclass(frozen=True, slots=True)
class Room:
    """For how much room a map is drawn: its width, the radius of dots, the type, and the names at most."""

    wide: float
    high: float
    radius: float
    type: float
    names: int
    region: float = 0.0  # px of the type of what most dots around share; 0 where none is named


PAGE = Room(1104.0, 780.0, 5.0, 12.0, 60, 16.0)
PHONE = Room(358.0, 400.0, 3.75, 10.5, 16)
SHEET = Room(WIDE - 2 * MARGIN, HIGH - 190, 6.0, 12.5, 90, 19.0)


def sheet(dots: Sequence[Dot], *, title: str, finding: str, sentence: str, method: str) -> Drawing:
    """The map for a file: what it shows and its key over it, how it was made under it."""
    page, head = Sheet(), with_finding(title, finding, WIDE)
    y = title_block(page, head, sentence)
    y = _key(page, dots, MARGIN, y + 32, WIDE - MARGIN, SHEET)
    frame = Bounds(MARGIN, y + 24, MARGIN + SHEET.wide, y + 24 + SHEET.high)
    _plot(page, dots, frame, SHEET, "")
    lines = wrap(method, WIDE - 2 * MARGIN, 12, lines=3)
    end = page.lines(MARGIN, frame.bottom + 32, lines, 18, size=12)
    return Drawing(page.picture(WIDE, end + MARGIN - 30), head, f"{sentence} {method}")


def in_page(dots: Sequence[Dot], room: Room, *, title: str, link: str) -> Drawing:
    """The map for a page; every dot is a link, by `link` with {} for its id."""
    page = Sheet()
    _plot(page, dots, Bounds(0, 0, room.wide, room.high), room, link)
    end = _key(page, dots, 2, room.high + 24, room.wide, room)
    return Drawing(page.picture(room.wide, end + 4), title, role="group")


def _plot(page: Sheet, dots: Sequence[Dot], frame: Bounds, room: Room, link: str) -> None:
    at = _places(dots, frame, room)
    regions = _regions(dots, at, frame, room) if room.region else []
    names, lines = _names(dots, at, frame, room, [text.bounds for text in regions])
    for start, end in lines:
        page.put(
            Mark(
                *start,
                f"l{end.x - start.x:.1f} {end.y - start.y:.1f}",
                stroke="muted",
                thickness=0.75,
            )
        )
    for dot, place in zip(dots, at, strict=True):
        about = About("", dot.words, (("model", dot.id),), link=link.format(dot.id))
        if dot.newest:
            page.put(circle(*place, room.radius + 2.75, "paper", "ink", 1.25))
        page.put(_disc(place, dot.colour, room, about, sparse=dot.sparse))
    page.put(*regions, *names)


def _regions(dots: Sequence[Dot], at: Sequence[Point], frame: Bounds, room: Room) -> list[Text]:
    """What most dots around share, in its colour, where nothing stands: as near to their middle as it goes."""
    reach = room.radius + 4
    taken = [Bounds(x - reach, y - reach, x + reach, y + reach) for x, y in at]
    found: list[Text] = []
    for colour, family in FAMILIES.items():
        own = [place for dot, place in zip(dots, at, strict=True) if dot.colour == colour]
        if len(own) < REGION:
            continue
        middle = Point(median(x for x, _ in own), median(y for _, y in own))
        for place in _near(middle, frame):
            text = label(
                *place,
                family.name,
                size=room.region,
                weight=600,
                role=f"{colour}.text",
                anchor="middle",
            )
            free = _inside(text.bounds, frame) and not any(_meet(text.bounds, o) for o in taken)
            if free and _among(place, colour, dots, at):
                found.append(text)
                taken.append(text.bounds)
                break
    return found


def _near(middle: Point, frame: Bounds) -> list[Point]:
    """Places of a frame, the nearest to one first."""
    across = range(int(frame.left), int(frame.right), STEP)
    down = range(int(frame.top), int(frame.bottom), STEP)
    places = (Point(x, y) for y in down for x in across)
    return sorted(places, key=lambda at: (hypot(at.x - middle.x, at.y - middle.y), at))


def _among(place: Point, colour: Colour, dots: Sequence[Dot], at: Sequence[Point]) -> bool:
    """Whether most of the nearest dots are of a colour."""
    far = [hypot(x - place.x, y - place.y) for x, y in at]
    nearest = sorted(range(len(dots)), key=far.__getitem__)[:AMONG]
    return sum(dots[i].colour == colour for i in nearest) > AMONG * 0.7


def _disc(at: Point, colour: Colour, room: Room, about: About | None, *, sparse: bool) -> Box:
    """Full where a router chooses experts, else a ring."""
    if sparse:
        return circle(*at, room.radius, f"{colour}.solid", "paper", 0.75, about)
    return circle(
        *at, 0.8 * room.radius, f"{colour}.tint", f"{colour}.solid", 0.4 * room.radius, about
    )


def _places(dots: Sequence[Dot], frame: Bounds, room: Room) -> list[Point]:
    """One scale across and up, as large as there is room."""
    pad = room.radius + 6
    left, right = min(dot.x for dot in dots), max(dot.x for dot in dots)
    low, high = min(dot.y for dot in dots), max(dot.y for dot in dots)
    wide, tall = frame.right - frame.left - 2 * pad, frame.bottom - frame.top - 2 * pad
    scale = min(wide / ((right - left) or 1), tall / ((high - low) or 1))
    middle = Point((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2)
    return [
        Point(
            round(middle.x + (dot.x - (left + right) / 2) * scale, 1),
            round(middle.y - (dot.y - (low + high) / 2) * scale, 1),
        )
        for dot in dots
    ]


def _names(
    dots: Sequence[Dot],
    at: Sequence[Point],
    frame: Bounds,
    room: Room,
    kept: Sequence[Bounds],
) -> tuple[list[Text], list[tuple[Point, Point]]]:
    """The names that have room beside their dots, of more weight first, and lines to those that stand off.

    None covers a dot, another name or the line to one, or what is kept free.
    """
    reach = room.radius + 3
    taken = [*kept, *(Bounds(x - reach, y - reach, x + reach, y + reach) for x, y in at)]
    names: list[Text] = []
    said = [*kept]
    lines: list[tuple[Point, Point]] = []
    order = sorted(range(len(dots)), key=lambda i: (-dots[i].weight, dots[i].id))
    for index in order:
        dot = dots[index]
        steps = OFF if dot.weight >= LANDMARK else OFF[:1]
        found = (
            (text, end)
            for off in steps
            for text, end in _beside(dot, at[index], room, off * room.radius)
            if _inside(text.bounds, frame)
            and not any(_meet(text.bounds, other) for other in taken)
            and not (off and any(_meet(_around(at[index], end), one) for one in said))
            and not (off and _crosses(at[index], end, at, room.radius))
        )
        text, end = next(found, (None, at[index]))
        if text is None or len(names) == room.names:
            continue
        names.append(text)
        said.append(text.bounds)
        taken.append(text.bounds)
        if end != at[index]:
            lines.append((at[index], end))
            taken.append(_around(at[index], end))
    return names, lines


def _beside(dot: Dot, at: Point, room: Room, off: float) -> Iterator[tuple[Text, Point]]:
    """Places for a name, and where the line to it ends: at the right, at the left, above, below, aslant.

    Beside the dot no line is needed, and none is drawn.
    """
    size, far = room.type, room.radius + (8 if dot.newest else 5)
    for right, down in AROUND:
        reach = (far if (right and not down) or (down and not right) else 0.7 * far) + off
        x, y = at.x + right * reach, at.y + down * reach
        anchor: Anchor = "start" if right > 0 else "end" if right < 0 else "middle"
        rise = 0.36 if not down else 0.73 if down > 0 else 0.0
        text = label(x, y + rise * size, dot.name, size=size, weight=500, role="ink", anchor=anchor)
        yield text, Point(x - 2 * right, y) if off else at


def _inside(area: Bounds, frame: Bounds) -> bool:
    return (
        area.left >= frame.left + 2
        and area.right <= frame.right - 2
        and area.top >= frame.top
        and area.bottom <= frame.bottom
    )


def _crosses(start: Point, end: Point, dots: Sequence[Point], radius: float) -> bool:
    """Whether a line to a name runs over dots other than those that its own dot touches."""
    near = [dot for dot in dots if hypot(dot.x - start.x, dot.y - start.y) > 2.5 * radius]
    steps = [
        Point(start.x + (end.x - start.x) * i / 12, start.y + (end.y - start.y) * i / 12)
        for i in range(1, 13)
    ]
    return any(hypot(dot.x - at.x, dot.y - at.y) < radius + 2 for dot in near for at in steps)


def _around(a: Point, b: Point) -> Bounds:
    return Bounds(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))


def _meet(a: Bounds, b: Bounds) -> bool:
    across = a.left < b.right + APART and b.left < a.right + APART
    return across and a.top < b.bottom + APART and b.top < a.bottom + APART


def _key(page: Sheet, dots: Sequence[Dot], x: float, y: float, right: float, room: Room) -> float:
    """What colour, filling and ring mean, on as many lines as it takes; gives the last baseline back."""
    seen = {dot.colour for dot in dots}
    size, start = room.type, x
    rows = [(colour, True, family.name) for colour, family in FAMILIES.items() if colour in seen]
    rows += [("embedding", True, "disc: with experts"), ("embedding", False, "ring: dense")]
    for colour, sparse, words in rows:
        wide = 2 * room.radius + 6 + width(words, size) + 16
        if x + wide - 16 > right:
            x, y = start, y + LEADING
        middle = Point(x + room.radius, y - 0.36 * size)
        page.put(_disc(middle, colour, room, None, sparse=sparse))
        page.label(x + 2 * room.radius + 6, y, words, size=size)
        x += wide
    words, reach = "circle: came in the last quarter", room.radius + 2
    if x + 2 * reach + 6 + width(words, size) > right:
        x, y = start, y + LEADING
    page.put(circle(x + reach, y - 0.36 * size, reach, "paper", "ink", 1.25))
    page.label(x + 2 * reach + 6, y, words, size=size)
    return y
