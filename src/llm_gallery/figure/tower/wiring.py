"""The stream of a tower, and its signs: where branches read it, where norms stand, where sums are made."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Point
from llm_gallery.figure.kit.style import SMALLEST_HATCHED
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.tower.formats import Format
from llm_gallery.plan.stream import Stream

PITCH = 0.36
"""From one stream to the next, by the type of a name."""
MOST = 4
"""Lines that stand for several streams at most."""


def lines(fmt: Format, stream: Stream, x: float) -> list[float]:
    """Where the streams stand; earlier sums are thin lines left of the running one."""
    pitch = fmt.title * PITCH
    if stream.saved_every:
        return [x - 2 * pitch, x - pitch, x]
    count = min(stream.count, MOST)
    return [x + (i - (count - 1) / 2) * pitch for i in range(count)]


def run(
    sheet: Sheet, fmt: Format, stream: Stream, across: list[float], start: float, end: float
) -> None:
    """The stream from below upwards."""
    for x in across:
        alone = len(across) == 1 or (stream.saved_every and x == across[-1])
        thick = fmt.stroke * (2.1 if alone else 1.15)
        ends = Point(x, start), Point(x, end)
        sheet.put(Line(points=ends, kind="stream", role="stream", thickness=thick))


def sign(sheet: Sheet, fmt: Format, across: list[float], y: float, sign: str) -> float:
    """Where a branch reads or is added; gives the right edge of the sign."""
    if len(across) == 1:
        x = across[0]
        radius = fmt.title * 0.42 if sign else fmt.stroke * 2
        disc = Box(x - radius, y - radius, 2 * radius, 2 * radius, form="circle", open=True)
        disc.fill = "paper" if sign else "stream"
        if sign:
            disc.edge, disc.line = "stream", fmt.stroke
        sheet.put(disc)
        if sign:
            _plus(sheet, fmt, x, y, radius * 0.55)
        return x + radius
    pitch = fmt.title * PITCH
    left, wide, tall = across[0] - pitch * 0.8, across[-1] - across[0] + pitch * 1.6, pitch * 1.15
    bar = Box(left, y - tall / 2, wide, tall, radius=tall / 2, fill="paper", edge="stream")
    bar.line, bar.open = fmt.stroke * 0.9, True
    sheet.put(bar)
    for x in across:
        if sign:
            _plus(sheet, fmt, x, y, pitch * 0.28)
        else:
            r = pitch * 0.22
            sheet.put(Box(x - r, y - r, 2 * r, 2 * r, form="circle", fill="stream", open=True))
    return left + wide


def _plus(sheet: Sheet, fmt: Format, x: float, y: float, half: float) -> None:
    path = f"h{number(2 * half)}m{number(-half)} {number(-half)}v{number(2 * half)}"
    sheet.put(Mark(x - half, y, path, stroke="stream", thickness=fmt.stroke * 0.8))


def crossing(sheet: Sheet, fmt: Format, across: list[float], low: float, up: float) -> None:
    """Between reading and writing the streams mix."""
    half = fmt.title * PITCH * 0.575
    start, end = low - half - fmt.stroke, up + half + fmt.stroke
    middle, most = (start + end) / 2, 1.1 * (across[-1] - across[0])
    start, end = min(start, middle + most), max(end, middle - most)
    if start - end < half:
        return
    path = "".join(
        f"m{number(a - across[0])} 0l{number(b - a)} {number(end - start)}m{number(across[0] - b)} {number(start - end)}"
        for a in across
        for b in across
        if a != b
    )
    wide = across[-1] - across[0]
    path = path[: path.rindex("m")]
    mark = Mark(across[0], start, path, stroke="stream", thickness=fmt.stroke * 0.5)
    mark.width = wide
    sheet.put(mark)


def flow(thick: float, *points: tuple[float, float], arrow: bool = False) -> Line:
    """A wire along points, without those that it needn't turn at."""
    found = list[Point]()
    for at in (Point(*p) for p in points):
        if found and abs(at.x - found[-1].x) + abs(at.y - found[-1].y) < 0.05:
            continue
        found.append(at)
    return Line(points=tuple(found), thickness=thick, arrow=arrow)


def pill(sheet: Sheet, fmt: Format, x: float, y: float, *, flat: bool = False) -> None:
    """A norm on a wire; `flat` on one that rises."""
    # Print would blacken what is lower than its hatchings.
    wide, tall = max(fmt.small * 0.62, SMALLEST_HATCHED + 0.1), fmt.small * 1.1
    if flat:
        wide, tall = tall, wide
    radius = min(wide, tall) / 2
    box = Box(x - wide / 2, y - tall / 2, wide, tall, radius=radius, fill="norm.solid", edge="flow")
    box.line, box.open = fmt.stroke * 0.55, True
    sheet.put(box)
