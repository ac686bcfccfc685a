"""A tower in its three formats: header, tower, call-outs where each has them, and the line that says where it is from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.origin import origin
from llm_gallery.figure.kit.shapes import Box, Line, Picture, Point
from llm_gallery.figure.kit.text import fit, width, wrap
from llm_gallery.figure.tower.blocks import sizes
from llm_gallery.figure.tower.body import Places, body
from llm_gallery.figure.tower.brevity import within
from llm_gallery.figure.tower.formats import CARD, PAPER, SLIDE, Format
from llm_gallery.figure.tower.heights import heights
from llm_gallery.figure.tower.rows import Call, Tower


def _source() -> str:
    """The gallery and its version."""
    return f"{origin()}, from config.json"


def card(tower: Tower) -> Picture:
    """320 × 400: the first call-out stands under the tower."""
    sheet, fmt, foot = Sheet(), CARD, 56.0
    y = _head(sheet, fmt, tower, 12)
    edge = fmt.height - foot
    places, _ = body(
        sheet, fmt, tower, fmt.margin, y + 3, fmt.width - 2 * fmt.margin - 4, edge - y - 6
    )
    sheet.rule(Point(fmt.margin, edge), Point(fmt.width - fmt.margin, edge))
    if tower.calls:
        call = tower.calls[0]
        with sheet.group("call-out", "call-out", call.name):
            size = next(
                s
                for s in sizes(fmt.number)
                if width(call.number, s, 600) <= 110 or s == sizes(fmt.number)[-1]
            )
            x = fmt.margin + width(call.number, size, 600) + 10
            sheet.label(fmt.margin, edge + 35, call.number, size=size, weight=600, role=_role(call))
            _name(sheet, fmt, call, x, edge + 16, fmt.width - fmt.margin - x)
            said = _wrapped(call.words, fmt.width - fmt.margin - x, fmt.words, 2)
            sheet.lines(x, edge + 31, said[0], said[1] * 1.2, size=said[1], role="ink")
            box = None if call.at is None else places.get(call.at)
            if box is not None:
                lane = fmt.width - 7
                _leader(sheet, fmt, call, box, (lane, None), (lane, edge))
    return sheet.picture(fmt.width, fmt.height)


def paper(tower: Tower) -> Picture:
    """85 mm wide: call-outs in a column at the right, each as near to its block as it goes."""
    sheet, fmt, column = Sheet(), PAPER, 104.0
    y = _head(sheet, fmt, tower, 2) + 4
    across = fmt.width - 2 * fmt.margin - column - 14
    need = sum(_height(fmt, call, column) + 14 for call in tower.calls)
    room = max(heights(fmt, tower, 0).total(tower) + 6, need)
    places, low = body(sheet, fmt, tower, fmt.margin, y, across, room)
    x = fmt.width - fmt.margin - column
    tops = _spread(fmt, tower, places, y + 4, low, column)
    for call, top in tops:
        with sheet.group("call-out", "call-out", call.name):
            tall = _height(fmt, call, column)
            sheet.put(Box(x - 6, top, 1.8, tall - 4, radius=0.9, fill=_line(call), open=True))
            at = _name(sheet, fmt, call, x, top + fmt.words * 0.9, column, lines=2)
            sheet.fitted(
                x,
                at + fmt.number * 0.55,
                call.number,
                column,
                sizes(fmt.number),
                weight=600,
                role=_role(call),
            )
            said, size = _wrapped(call.words, column, fmt.words, 5)
            sheet.lines(
                x,
                at + fmt.number * 0.55 + fmt.words * 1.3,
                said,
                fmt.words * 1.25,
                size=size,
                role="ink",
            )
            box = None if call.at is None else places.get(call.at)
            if box is not None:
                _leader(
                    sheet,
                    fmt,
                    call,
                    box,
                    (
                        (box.x + box.width + x - 6) / 2,
                        min(max(box.y + box.height / 2, top + 4), top + tall - 10),
                    ),
                    (x - 6, None),
                )
    return _foot(sheet, fmt, tower, low + 12)


def slide(tower: Tower) -> Picture:
    """1,280 × 720: call-outs as plates at the right."""
    sheet, fmt = Sheet(), SLIDE
    y = _head(sheet, fmt, tower, 26)
    across, foot = 610.0, 46.0
    places, _ = body(sheet, fmt, tower, fmt.margin, y + 6, across, fmt.height - y - 6 - foot)
    x, top = fmt.margin + across + 52, y + 16
    wide, low, count = (
        fmt.width - fmt.margin - (fmt.margin + across + 52),
        fmt.height - foot - 4,
        max(1, len(tower.calls)),
    )
    tall = (low - top - 16 * (count - 1)) / count
    for i, call in enumerate(sorted(tower.calls, key=lambda one: _middle(one, places))):
        with sheet.group("call-out", "call-out", call.name):
            at = top + i * (tall + 16)
            tone = call.colour or "norm"
            sheet.put(Box(x, at, wide, tall, radius=14, fill=f"{tone}.tint", edge=f"{tone}.edge"))
            number = {1: 92.0, 2: 74.0}.get(count, 54.0)
            words, size = _wrapped(call.words, wide - 56, 26.0, 3)
            height = 26 + number + len(words) * size * 1.24
            base = at + (tall - height) / 2 + 24
            _name(sheet, fmt, call, x + 28, base, wide - 56, size=26)
            sheet.fitted(
                x + 26,
                base + number * 0.96,
                call.number,
                wide - 54,
                sizes(number),
                weight=600,
                role=_role(call),
            )
            sheet.lines(
                x + 28,
                base + number * 1.02 + size * 1.25,
                words,
                size * 1.24,
                size=size,
                role="ink",
            )
            box = None if call.at is None else places.get(call.at)
            if box is not None:
                _leader(
                    sheet,
                    fmt,
                    call,
                    box,
                    (
                        fmt.margin + across + 24 + 8 * i,
                        min(max(box.y + box.height / 2, at + 22), at + tall - 22),
                    ),
                    (x, None),
                )
    return _foot(sheet, fmt, tower, fmt.height - 18)


def _head(sheet: Sheet, fmt: Format, tower: Tower, top: float) -> float:
    """Name and total, under them maker, month, what runs and the context."""
    left, right = fmt.margin, fmt.width - fmt.margin
    with sheet.group("heading", "heading", "Name and size"):
        base = top + fmt.name * 0.82
        room = right - left - width(tower.total, fmt.name * 0.95, 600) - fmt.name * 0.6
        small = tuple(fmt.name * share for share in (1, 0.93, 0.86, 0.78, 0.7, 0.62, 0.54))
        sheet.fitted(left, base, tower.name, room, small, weight=600, role="ink")
        sheet.label(
            right, base, tower.total, size=fmt.name * 0.95, weight=600, role="ink", anchor="end"
        )
        low = base + fmt.sub * 1.45
        room = right - left - width(tower.about, fmt.sub) - fmt.sub
        forms = [", ".join(filter(None, (tower.maker, tower.month))), tower.maker]
        found = fit([form for form in forms if form], room, sizes(fmt.sub)[:4])
        if found is not None:
            sheet.label(left, low, found[0], size=found[1])
        sheet.label(right, low, tower.about, size=fmt.sub, anchor="end")
    return low + fmt.sub * 0.45


def _foot(sheet: Sheet, fmt: Format, tower: Tower, y: float) -> Picture:
    note = f"NEW: not in {tower.ancestor}" if tower.ancestor else ""
    left, right = fmt.margin, fmt.width - fmt.margin
    with sheet.group("source", "source", "Source"):
        sheet.label(left, y, _source(), size=fmt.source)
        if note and width(_source(), fmt.source) + width(note, fmt.source) + 12 <= right - left:
            sheet.label(right, y, note, size=fmt.source, anchor="end")
        elif note:
            y += fmt.source * 1.4
            sheet.label(left, y, note, size=fmt.source)
    return sheet.picture(fmt.width, fmt.height or y + 4)


def _role(call: Call) -> str:
    return f"{call.colour}.text" if call.colour else "ink"


def _line(call: Call) -> str:
    return f"{call.colour}.line" if call.colour else "ink"


def _name(
    sheet: Sheet,
    fmt: Format,
    call: Call,
    x: float,
    y: float,
    room: float,
    *,
    lines: int = 1,
    size: float = 0,
) -> float:
    """The call-out's name; gives the baseline under it."""
    size = size or fmt.words
    if lines == 1:
        sheet.fitted(
            x,
            y,
            call.name,
            room,
            (*sizes(size), size * 0.68, size * 0.6),
            weight=600,
            role=_role(call),
        )
        return y + size * 1.3
    said = wrap(call.name, room, size, 600, lines)
    return sheet.lines(x, y, said, size * 1.3, size=size, weight=600, role=_role(call)) + size * 0.2


def _wrapped(words: str, room: float, size: float, lines: int) -> tuple[tuple[str, ...], float]:
    """The words in so many lines of about one length, smaller where they need more."""
    for small in (*sizes(size), size * 0.7):
        said = wrap(words, room, small, 400, lines)
        if " ".join(said) == words:
            break
    count, narrow = len(said), room
    while count > 1 and " ".join(said) == words and narrow > room / 2:
        narrow -= size / 4
        closer = wrap(words, narrow, small, 400, count)
        if " ".join(closer) != words:
            break
        said = closer
    return said, small


def _height(fmt: Format, call: Call, room: float) -> float:
    names = len(wrap(call.name, room, fmt.words, 600, 2))
    words = len(_wrapped(call.words, room, fmt.words, 5)[0])
    return fmt.words * 1.3 * names + fmt.number * 0.75 + fmt.words * 1.25 * words + 10


def _middle(call: Call, places: Places) -> float:
    box = None if call.at is None else places.get(call.at)
    return 0.0 if box is None else box.y + box.height / 2


def _spread(
    fmt: Format, tower: Tower, places: Places, top: float, low: float, room: float
) -> list[tuple[Call, float]]:
    """Call-outs by height, pushed apart once down and once up."""
    held = sorted(tower.calls, key=lambda call: _middle(call, places))
    tall = [_height(fmt, call, room) for call in held]
    tops, at = list[float](), top
    for call, high in zip(held, tall, strict=True):
        tops.append(max(at, _middle(call, places) - high / 2))
        at = tops[-1] + high + 10
    for i in range(len(held) - 1, -1, -1):
        tops[i] = min(tops[i], low - tall[i])
        low = tops[i] - 10
    return list(zip(held, tops, strict=True))


def _leader(
    sheet: Sheet,
    fmt: Format,
    call: Call,
    box: Box,
    bend: tuple[float, float | None],
    end: tuple[float, float | None],
) -> None:
    """From a block's right edge by a lane to the call-out."""
    x, y = box.x + box.width, box.y + box.height / 2
    lane, level = bend
    last = Point(
        end[0],
        y if end[1] is None and level is None else (level if end[1] is None else end[1]) or y,
    )
    turn = Point(lane, last.y)
    points = [Point(x, y), Point(lane, y), turn, last]
    if abs(last.y - y) < 1:
        points = [Point(x, y), Point(last.x, y)]
    found = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    sheet.put(
        Line(points=tuple(found), kind="leader", role=_line(call), thickness=fmt.stroke * 1.3)
    )
    r = fmt.stroke * 2
    sheet.put(Box(x - r, y - r, 2 * r, 2 * r, form="circle", fill=_line(call), open=True))


PAGES: Mapping[str, Callable[[Tower], Picture]] = {
    "card": partial(within, 75, card),
    "paper": partial(within, 100, paper),
    "slide": partial(within, 100, slide),
}
"""A tower's formats by the level of detail that asks for them, each within its number of words."""
