"""The stream of a tower and the branches beside it: where they read, where norms stand, where they are added."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.figure.group_names import kinds, part_name
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Point
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.tower import blocks
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.heights import Heights
from llm_gallery.figure.tower.rows import TowerBranch
from llm_gallery.plan.stream import Stream

MOST = 4
"""Lines that stand for several streams at most."""


def lines(fmt: Format, stream: Stream, x: float) -> list[float]:
    """Where the streams stand; earlier sums are thin lines left of the running one."""
    pitch = fmt.title * 0.36
    if stream.saved_every:
        return [x - 2 * pitch, x - pitch, x]
    count = min(stream.count, MOST)
    return [x + (i - (count - 1) / 2) * pitch for i in range(count)]


def run(sheet: Sheet, fmt: Format, across: list[float], start: float, end: float) -> None:
    """The stream from below upwards."""
    thick = fmt.stroke * (2.1 if len(across) == 1 else 1.15)
    for x in across:
        ends = Point(x, start), Point(x, end)
        sheet.put(Line(points=ends, kind="stream", role="stream", thickness=thick))


def branch(
    sheet: Sheet,
    fmt: Format,
    high: Heights,
    stream: Stream,
    told: TowerBranch,
    x: float,
    left: float,
    right: float,
    top: float,
) -> Iterator[Box]:
    """A branch out of the stream, through norm and blocks, and back; gives the boxes of its blocks."""
    with sheet.group("branch", "branch", "Wires and norms"):
        tall = high.branch(told)
        inset = min(tall * 0.27, fmt.title * 1.3)
        low, up = top + tall - inset, top + inset
        across = lines(fmt, stream, x)
        if stream.mixes and len(across) > 1:
            _crossing(sheet, fmt, across, low, up)
        start = _sign(sheet, fmt, across, low, "")
        end = _sign(sheet, fmt, across if not stream.saved_every else [x], up, "+")
        several = len(told.blocks) > 1
        at = left + (fmt.title * 0.5 if several else 0)
        out = right - (fmt.title * 0.5 if several else 0)
        boxes = list(_boxes(fmt, high, told, at, out, top))
        thick = fmt.stroke
        if several:
            middles = [box.y + box.height / 2 for box in boxes]
            bus, back = left, right
            sheet.put(
                _flow(thick, (start, low), (bus, low)),
                _flow(thick, (bus, middles[0]), (bus, middles[-1])),
            )
            sheet.put(_flow(thick, (back, middles[-1]), (back, middles[0])))
            over = top - high.branch_gap * 0.35
            sheet.put(
                _flow(
                    thick,
                    (back, middles[0]),
                    (back, over),
                    (bus - fmt.title * 0.4, over),
                    (bus - fmt.title * 0.4, up),
                    (end, up),
                    arrow=True,
                )
            )
            for middle in middles:
                sheet.put(
                    _flow(thick, (bus, middle), (at, middle)),
                    _flow(thick, (out, middle), (back, middle)),
                )
        else:
            sheet.put(_flow(thick, (start, low), (left, low), arrow=True))
            sheet.put(_flow(thick, (left, up), (end, up), arrow=True))
        middle = (end + left) / 2 - fmt.stroke
        if told.before:
            pill(sheet, fmt, middle, low)
        if told.after:
            pill(sheet, fmt, middle + fmt.stroke * 2, up)
    for box, block in zip(boxes, told.blocks, strict=True):
        with sheet.group(kinds(block.block), part_name(block.block), block.title):
            blocks.draw(sheet, fmt, block, box)
    if told.on_stream:
        with sheet.group("block norm", "norm", "Norm on the stream"):
            pill(sheet, fmt, x, top - high.branch_gap * 0.5)
    yield from boxes


def _boxes(
    fmt: Format, high: Heights, told: TowerBranch, left: float, right: float, top: float
) -> Iterator[Box]:
    """The first of several at the bottom; places from the top down, given in the order of the blocks."""
    found, y = list[Box](), top
    for block in reversed(told.blocks):
        tall = high.block + high.marked * bool(block.new)
        box = Box(
            left, y, right - left, tall, radius=fmt.title * 0.38, fill=f"{block.colour}.solid"
        )
        box.labelled = True
        found.append(box)
        y += tall + high.branch_gap * 0.7
    yield from reversed(found)


def _flow(thick: float, *points: tuple[float, float], arrow: bool = False) -> Line:
    return Line(points=tuple(Point(*p) for p in points), thickness=thick, arrow=arrow)


def _sign(sheet: Sheet, fmt: Format, across: list[float], y: float, sign: str) -> float:
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
    pitch = fmt.title * 0.36
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


def _crossing(sheet: Sheet, fmt: Format, across: list[float], low: float, up: float) -> None:
    """Between reading and writing the streams mix."""
    pitch = fmt.title * 0.36
    start, end = low - pitch * 0.9, up + pitch * 0.9
    if start - end < pitch:
        return
    for a in across:
        for b in across:
            path = f"l{number(b - a)} {number(end - start)}"
            sheet.put(Mark(a, start, path, stroke="stream", thickness=fmt.stroke * 0.5))


def pill(sheet: Sheet, fmt: Format, x: float, y: float) -> None:
    """A norm."""
    wide, tall = fmt.small * 0.62, fmt.small * 1.1
    box = Box(
        x - wide / 2, y - tall / 2, wide, tall, radius=wide / 2, fill="norm.solid", edge="flow"
    )
    box.line, box.open = fmt.stroke * 0.55, True
    sheet.put(box)
