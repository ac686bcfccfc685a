"""A tower in its three formats: header, tower, call-outs where each has them, and the line that says where it is from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Picture, Point
from llm_gallery.figure.kit.text import fit, width
from llm_gallery.figure.pictures.little import Little
from llm_gallery.figure.tower.body import Places, body
from llm_gallery.figure.tower.branches import Port
from llm_gallery.figure.tower.brevity import within
from llm_gallery.figure.tower.call_outs import (
    draw_picture,
    line,
    middle,
    pictures,
    role,
    said,
    whole,
)
from llm_gallery.figure.tower.columns import columns
from llm_gallery.figure.tower.formats import CARD, PAPER, SLIDE, Format
from llm_gallery.figure.tower.heights import heights
from llm_gallery.figure.tower.leaders import lanes, leader
from llm_gallery.figure.tower.rows import Call, Spot, Tower

FOOT = 56.0
"""Px of a card under its tower."""
COLUMN, GUTTER, PICTURED, SPARE = 106.0, 20.0, 32.0, 2.0
"""Px of a paper's call-outs, between them and the tower, of their pictures' height, and what another font than Inter takes."""
ACROSS, PLATES, APART = 610.0, 560.0, 16.0
"""Px of a slide's tower, of its call-outs, and between two of them."""
NUMBERS = {1: 84.0, 2: 70.0}
"""Px of a slide's big numbers; of three: 54."""


def card(tower: Tower) -> Picture:
    """320 × 400: the first call-out stands under the tower."""
    sheet, fmt = Sheet(), CARD
    y = _head(sheet, fmt, tower, 12)
    edge = fmt.height - FOOT
    wide = fmt.width - 2 * fmt.margin - 4
    places, _ = body(sheet, fmt, tower, fmt.margin, y + 3, wide, edge - y - 6)
    sheet.rule(Point(fmt.margin, edge), Point(fmt.width - fmt.margin, edge))
    for call in tower.calls[:1]:
        with sheet.group("call-out", "call-out", call.name):
            _footed(sheet, fmt, call, edge)
            port = None if call.at is None else places.get(call.at)
            if port is not None:
                lane = fmt.width - 8
                way = (lane, port.at.y + port.below), (lane, edge)
                leader(sheet, port, way, line(call), fmt.stroke * 1.25)
    return sheet.picture(fmt.width, fmt.height)


def _footed(sheet: Sheet, fmt: Format, call: Call, edge: float) -> None:
    """A number, and at its right its name and what it counts."""
    room = fmt.width - 2 * fmt.margin
    sizes = tuple(fmt.number * share for share in (1, 0.94, 0.88, 0.82, 0.76))
    size = next((s for s in sizes if width(call.number, s, 600) <= room * 0.38), sizes[-1])
    even = re.sub(r"\d", "0", call.number)  # a font that stands in for Inter has no narrow 1
    x = fmt.margin + width(even, size, 600) + 10
    right = fmt.width - fmt.margin - x
    name, name_size = whole(call.name, right, fmt.down(fmt.words), 1, weight=600)
    words, small = whole(call.words, right, fmt.down(fmt.words), 2)
    lines = len(name) + len(words)
    y = edge + (FOOT - lines * fmt.words * 1.22) / 2 - 1
    base = edge + FOOT / 2 + size * 0.34 - 1
    sheet.label(fmt.margin, base, call.number, size=size, weight=600, role=role(call))
    for text in name:
        y += fmt.words * 1.22
        sheet.label(x, y - 3, text, size=name_size, weight=600, role=role(call))
    for text in words:
        y += fmt.words * 1.22
        sheet.label(x, y - 3, text, size=small, role="ink")


def paper(tower: Tower) -> Picture:
    """85 mm wide: call-outs in a column at the right, each as near to its block as it goes."""
    sheet, fmt = Sheet(), PAPER
    y = _head(sheet, fmt, tower, 2) + 4
    across = fmt.width - 2 * fmt.margin - COLUMN - GUTTER
    shown = pictures(tower)
    set_in = {c: said(fmt, c, COLUMN - SPARE, fmt.number, fmt.words, 5, 2) for c in tower.calls}
    tall = {c: s.high + (PICTURED + 8 if c in shown else 0) for c, s in set_in.items()}
    need = sum(tall.values()) + 12 * (len(tall) - 1) + 8
    inner = columns(fmt, tower, fmt.margin, across).wide
    room = max(heights(fmt, tower, inner, 0).total(tower) + 6, need)
    places, low = body(sheet, fmt, tower, fmt.margin, y, across, room)
    x = fmt.width - fmt.margin - COLUMN
    tops = _spread(tall, places, y + 2, low)
    lines = [(port, call, top) for call, top in tops.items() if (port := _port(call, places))]
    ways = [
        (p.at.y + p.below, min(max(p.at.y + p.below, top + 4), top + tall[call] - 4))
        for p, call, top in lines
    ]
    turns = lanes(ways, fmt.margin + across + 1, x - 8)
    for call, top in tops.items():
        with sheet.group("call-out", "call-out", call.name):
            sheet.put(Box(x - 7, top, 1.8, tall[call], radius=1.1, fill=line(call), open=True))
            told, gap = set_in[call], 0.0
            if call in shown:
                gap = PICTURED + 8
                area = x, top + len(told.name) * told.name_size * 1.25 + 5, COLUMN, PICTURED
                draw_picture(sheet, tower, call, shown[call], area, align=0)
            told.draw(sheet, call, x, top, gap)
    for (port, call, _), (start, end), turn in zip(lines, ways, turns, strict=True):
        way = (turn, start), (turn, end), (x - 7, end)
        leader(sheet, port, way, line(call), fmt.stroke * 1.25)
    return _foot(sheet, fmt, tower, low + 13)


def head_height(tower: Tower) -> float:
    """Px of a paper above its tower: what a page that says name and size leaves out."""
    return _head(Sheet(), PAPER, tower, 2)


def _port(call: Call, places: Places) -> Port | None:
    return None if call.at is None else places.get(call.at)


def _spread(
    tall: Mapping[Call, float], places: Places, top: float, low: float
) -> dict[Call, float]:
    """Call-outs by height, pushed apart once down and once up."""
    held = sorted(tall, key=lambda call: middle(call, places))
    tops, at = list[float](), top
    for call in held:
        tops.append(max(at, middle(call, places) - tall[call] / 2))
        at = tops[-1] + tall[call] + 12
    for i in range(len(held) - 1, -1, -1):
        tops[i] = min(tops[i], low - tall[held[i]])
        low = tops[i] - 12
    return dict(zip(held, tops, strict=True))


def slide(tower: Tower) -> Picture:
    """1,280 × 720: call-outs as plates at the right."""
    sheet, fmt = Sheet(), SLIDE
    y = _head(sheet, fmt, tower, 26)
    foot = 46.0
    places, _ = body(sheet, fmt, tower, fmt.margin, y + 6, ACROSS, fmt.height - y - 6 - foot)
    x, top = fmt.width - fmt.margin - PLATES, y + 18
    calls = sorted(tower.calls, key=lambda call: middle(call, places))
    count, low = max(1, len(calls)), fmt.height - foot - 4
    tall = (low - top - APART * (count - 1)) / count
    shown = pictures(tower)
    ports = [(port, i) for i, call in enumerate(calls) if (port := _port(call, places))]
    ways = []
    for port, i in ports:
        start, at = port.at.y + port.below, top + i * (tall + APART)
        ways.append((start, min(max(start, at + 22), at + tall - 22)))
    turns = lanes(ways, fmt.margin + ACROSS + 4, x - 8)
    for i, call in enumerate(calls):
        at = top + i * (tall + APART)
        with sheet.group("call-out", "call-out", call.name):
            tone = call.colour or "norm"
            sheet.put(Box(x, at, PLATES, tall, radius=14, fill=f"{tone}.tint", edge=f"{tone}.edge"))
            _plate(sheet, tower, call, (x, at, tall), shown, count)
    for (port, i), (start, end), turn in zip(ports, ways, turns, strict=True):
        call = calls[i]
        way = (turn, start), (turn, end), (x, end)
        leader(sheet, port, way, line(call), fmt.stroke * 1.25)
    return _foot(sheet, fmt, tower, fmt.height - 18)


def _plate(
    sheet: Sheet,
    tower: Tower,
    call: Call,
    place: tuple[float, float, float],
    shown: Mapping[Call, tuple[Little, Spot | None]],
    count: int,
) -> None:
    """A call-out on its plate: its picture at the left, of the only one above."""
    fmt, (x, y, tall) = SLIDE, place
    drawn = shown.get(call)
    number = NUMBERS.get(count, 54.0)
    if drawn is None:
        told = said(fmt, call, PLATES - 64, number, fmt.words + 2, 3, 1)
        told.draw(sheet, call, x + 32, y + (tall - told.high) / 2)
    elif count == 1:
        told = said(fmt, call, PLATES - 80, number, fmt.words + 4, 3, 1)
        high = min(240.0, tall - told.high - 110)
        top = y + (tall - told.high - high - 36) / 2
        draw_picture(sheet, tower, call, drawn, (x + 40, top, PLATES - 80, high))
        told.draw(sheet, call, x + 40, top + high + 36)
    else:
        across = 200.0 if count == 2 else 150.0
        told = said(
            fmt, call, PLATES - across - 80, number, fmt.words + (3 if count == 2 else 1), 4, 2
        )
        high = min(tall - 36, across)
        draw_picture(sheet, tower, call, drawn, (x + 26, y + (tall - high) / 2, across, high))
        told.draw(sheet, call, x + across + 54, y + (tall - told.high) / 2)


def _head(sheet: Sheet, fmt: Format, tower: Tower, top: float) -> float:
    """Name and total, under them maker, month, what runs and the context."""
    left, right = fmt.margin, fmt.width - fmt.margin
    with sheet.group("heading", "heading", "Name and size"):
        base = top + fmt.name * 0.82
        room = right - left - width(tower.total, fmt.name * 0.95, 600) - fmt.name * 0.95
        names, size = titled(fmt, tower.name, room)
        about = None if is_whole(names, tower.name) else About("", tower.name)
        for i, words in enumerate(names):
            base = top + fmt.name * 0.82 + i * size * 1.12
            sheet.label(left, base, words, size=size, weight=600, role="ink", about=about)
        sheet.label(
            right,
            top + fmt.name * 0.82,
            tower.total,
            size=fmt.name * 0.95,
            weight=600,
            role="ink",
            anchor="end",
        )
        low = base + fmt.sub * 1.45
        room = right - left - width(tower.about, fmt.sub) - fmt.sub
        dated = ", ".join(filter(None, (tower.maker, tower.month)))
        short = tower.month.split(" ")
        brief = " ".join((short[0][:3], *short[1:]))
        forms: Sequence[str] = (dated, ", ".join(filter(None, (tower.maker, brief))), tower.maker)
        sizes = fmt.down(fmt.sub, fmt.sub * 0.88)
        found = fit([form for form in forms if form], room, sizes)
        if found is not None:
            sheet.label(left, low, found[0], size=found[1])
        sheet.label(right, low, tower.about, size=fmt.sub, anchor="end")
    return low + fmt.sub * 0.45


def titled(fmt: Format, name: str, room: float) -> tuple[tuple[str, ...], float]:
    """A model's name in one line, smaller, in two, or broken behind a sign; at the least size it is cut."""
    size = fmt.name
    one = fit((name,), room, tuple(size * share for share in (1, 0.93, 0.86, 0.8, 0.74)), 600)
    if one is not None:
        return (name,), one[1]
    sizes = (*(size * share for share in (0.72, 0.66, 0.6, 0.54)), fmt.smallest)
    found = whole(name, room, sizes, 2, weight=600)
    if is_whole(found[0], name):
        return found
    pieces = re.findall(r"[^-_/. ]*[-_/. ]?", name)
    for smaller in sizes:
        for at in range(len(pieces) - 1, 0, -1):
            lines = "".join(pieces[:at]).rstrip(), "".join(pieces[at:])
            if all(width(words, smaller, 600) <= room for words in lines) and lines[1]:
                return lines, smaller
    return found


def is_whole(lines: Sequence[str], name: str) -> bool:
    """Whether nothing of a name is cut."""
    return "".join(lines).replace(" ", "") == name.replace(" ", "")


def _foot(sheet: Sheet, fmt: Format, tower: Tower, y: float) -> Picture:
    left, right = fmt.margin, fmt.width - fmt.margin
    source, note = tower.source, tower.against
    with sheet.group("source", "source", "Source"):
        sheet.label(left, y, source, size=fmt.source)
        if note and width(source, fmt.source) + width(note, fmt.source) + 12 <= right - left:
            sheet.label(right, y, note, size=fmt.source, anchor="end")
        elif note:
            y += fmt.source * 1.4
            sheet.label(left, y, note, size=fmt.source)
    return sheet.picture(fmt.width, fmt.height or y + 4)


PAGES: Mapping[str, Callable[[Tower], Picture]] = {
    "card": partial(within, 75, card),
    "paper": partial(within, 100, paper),
    "slide": partial(within, 100, slide),
}
"""A tower's formats by the level of detail that asks for them, each within its number of words."""
