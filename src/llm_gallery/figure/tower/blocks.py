"""A tower's block: plain words, the second line, and the tag of what is new, on its colour."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box
from llm_gallery.figure.kit.text import fit, width, wrap
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.heights import TAG
from llm_gallery.figure.tower.rows import TowerBlock

SMALLER = (1.0, 0.94, 0.88, 0.82, 0.76)
"""Sizes of a name, of which the largest that has room is taken."""


def sizes(size: float) -> tuple[float, ...]:
    """A size and those that it may give way to."""
    return tuple(round(size * share, 2) for share in SMALLER)


def draw(sheet: Sheet, fmt: Format, block: TowerBlock, box: Box) -> None:
    """A block at its place."""
    x, y, wide, high = box.x, box.y, box.width, box.height
    if block.whole and block.new:
        out = fmt.stroke * 2.2
        ring = Box(x - out, y - out, wide + 2 * out, high + 2 * out, radius=fmt.title * 0.5)
        ring.edge, ring.line, ring.open = "ink", fmt.stroke * 1.6, True
        sheet.put(ring)
    sheet.put(box)
    left, right = x + max(9.0, fmt.title * 0.7), x + wide - fmt.title * 0.4
    role, room = f"{block.colour}.on", right - left
    tag = fmt.small * TAG if block.new else 0.0
    free = high - tag
    forms = [block.second, block.field, block.size] if block.second else []
    second = fit([form for form in forms if form], room, sizes(fmt.small)[:3]) if forms else None
    lines = _title(fmt, block.title, room, two=free >= fmt.title * 1.8)
    beside = free < fmt.title * 1.05 + fmt.small * 1.45 or len(lines) > 1
    pitch = fmt.title * (1.05 if len(lines) == 1 else 0.95)
    head = len(lines) * pitch
    whole = head + (0.0 if second is None or beside else fmt.small * 1.25)
    at = y + (free - whole) / 2 + fmt.title * 0.85
    inside = Bounds(x, y, x + wide, y + high)
    for line, size in lines:
        sheet.label(left, at, line, size=size, weight=600, role=role, inside=inside)
        at += pitch
    if second is not None and not beside:
        words, size = second
        sheet.label(left, at + fmt.small * 0.1, words, size=size, role=role, inside=inside)
    elif forms and len(lines) == 1:
        start = left + width(lines[0][0], lines[0][1], 600) + fmt.small * 0.6
        short = fit([form for form in forms if form], right - start, sizes(fmt.small)[:3])
        if short is not None:
            base = at - pitch
            sheet.label(
                right, base, short[0], size=short[1], role=role, anchor="end", inside=inside
            )
    if block.new:
        draw_tag(sheet, fmt, block.new, left, y + high - tag * 0.55, x + wide - 2 - left)


def _title(fmt: Format, title: str, room: float, *, two: bool) -> list[tuple[str, float]]:
    """The name in one line, else in two; smaller where it must be."""
    one = fit((title,), room, sizes(fmt.title), 600)
    if one is not None:
        return [one]
    if two and " " in title:
        size = fmt.title * 0.88
        return [(line, size) for line in wrap(title, room, size, 600, 2)]
    size = fmt.title * 0.76
    while width(title, size, 600) > room:
        size *= 0.96
    return [(title, size)]


def tag_width(fmt: Format, words: str, room: float = 10**6) -> tuple[float, float]:
    """Px across a tag, and of its type."""
    size = fmt.small * 0.86
    while width(words, size, 600) + size > room:
        size *= 0.96
    return width(words, size, 600) + size, size


def draw_tag(sheet: Sheet, fmt: Format, words: str, x: float, middle: float, room: float) -> Box:
    """What is new, by name, on the ink: its left edge and its middle."""
    wide, size = tag_width(fmt, words, room)
    high = size * 1.4
    box = Box(x, middle - high / 2, wide, high, radius=high * 0.2, fill="ink", edge="paper")
    box.line = 0.8
    sheet.put(box)
    sheet.label(
        x + wide / 2,
        middle + size * 0.36,
        words,
        size=size,
        weight=600,
        role="paper",
        anchor="middle",
    )
    return box
