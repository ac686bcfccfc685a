"""A tower's block: plain words, the second line, what is new, and a little picture, on its colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box
from llm_gallery.figure.kit.text import fit, width, wrap
from llm_gallery.figure.pictures.little import Inks, Pen, of_block
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import TowerBlock

LINE, SECOND, TAG = 1.12, 1.3, 1.5
"""Heights of a line of a name, of the second line, of a tag, by their type."""
PAD = 0.28
"""Px over and under all lines, by the type of a name."""
BROAD = 1.45
"""Times that a picture's area is as wide as high."""
EDGES = 0.77
"""Of a tag, what it is wider than its words, by their type."""
NEARLY = 0.9
"""Share of its size down to which a name stands in one line before it takes two."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a block shows of what it has to say, and where."""

    title: tuple[str, ...]
    size: float
    second: tuple[str, float] | None
    beside: bool  # the second line stands at the right of the name
    tag: str  # "own": on a line of its own; "second", "title": at the right of that
    picture: float  # its height; 0: none
    high: float


def least(fmt: Format, *, new: bool) -> float:
    """Px of a block's height that its name takes, and the tag under it."""
    pads = 2 * PAD * fmt.title
    return pads + fmt.title * LINE + (fmt.small * TAG if new else 0.0)


def face(fmt: Format, block: TowerBlock, wide: float, high: float) -> Face:
    """The fullest that has room: the second line gets shorter, then goes; then the picture goes.

    What is new is said before it is pictured.
    """
    found = [one for one in _faces(fmt, block, wide, high) if one.high <= high + 0.01]
    if not found:
        return _bare(fmt, block, wide, high)
    told = (one for one in found if one.second is not None)
    return next(told, found[0]) if block.new else found[0]


def fullest(fmt: Format, block: TowerBlock, wide: float) -> float:
    """The height in which it says all that it has to say."""
    found = next(_faces(fmt, block, wide, 10**6), None)
    return least(fmt, new=bool(block.new)) if found is None else found.high


def _bare(fmt: Format, block: TowerBlock, wide: float, high: float) -> Face:
    """The name alone, as small as it must be."""
    room, size = wide - _inset(fmt) - fmt.title * 0.5, fmt.title
    while width(block.title, size, 600) > room or size * LINE > high:
        size *= 0.97
    tag = "own" if block.new else ""
    tall = size * LINE + 2 * PAD * fmt.title + (fmt.small * TAG if tag else 0.0)
    return Face((block.title,), size, None, False, tag, 0.0, tall)


def _faces(fmt: Format, block: TowerBlock, wide: float, high: float) -> Iterator[Face]:
    """All that fit across, the fullest first; the last one is the name alone."""
    whole = wide - _inset(fmt) - fmt.title * 0.5
    drawn = fmt.picture and of_block(block.block) is not None
    tall = min(fmt.picture, high - fmt.title * 0.4) if drawn else 0.0
    first = block.size.split(", ")[0]
    told = block.second, block.size, first, block.field
    forms = [form for form in dict.fromkeys(told) if form and block.second]
    for picture in (tall, 0.0) if tall > fmt.title else (0.0,):
        room = whole - (picture * BROAD + fmt.small * 0.5 if picture else 0.0)
        for title, size in _titles(fmt, block.title, room):
            for form in (*dict.fromkeys(forms), ""):
                yield from _arranged(fmt, block.new, title, size, form, room, picture)


def _arranged(
    fmt: Format,
    new: str,
    title: tuple[str, ...],
    size: float,
    form: str,
    room: float,
    picture: float,
) -> Iterator[Face]:
    """A second line under the name or beside it, and the tag where it has room."""
    head = 2 * PAD * fmt.title + len(title) * size * LINE
    tag = tag_width(fmt, new) if new else 0.0
    under, gap = fmt.small * TAG, fmt.small * 0.6
    across = max(width(line, size, 600) for line in title)
    if form:
        below = fit((form,), room, fmt.down(fmt.small, fmt.small * 0.88))
        if below is not None:
            high = head + fmt.small * SECOND
            if not new:
                yield Face(title, size, below, False, "", picture, high)
            else:
                yield Face(title, size, below, False, "own", picture, high + under)
                if width(*below) + gap + tag <= room:
                    yield Face(title, size, below, False, "second", picture, high + 2)
        aside = fit((form,), room - across - gap, fmt.down(fmt.small, fmt.small * 0.88))
        if aside is not None and len(title) == 1:
            where = "own" if new else ""
            yield Face(title, size, aside, True, where, picture, head + under * bool(new))
        return
    if not new:
        yield Face(title, size, None, False, "", picture, head)
        return
    yield Face(title, size, None, False, "own", picture, head + under)
    if len(title) == 1 and across + gap + tag <= room:
        yield Face(title, size, None, False, "title", picture, head)


def _titles(fmt: Format, title: str, room: float) -> Iterator[tuple[tuple[str, ...], float]]:
    """The name in one line, in two, or smaller."""
    one = fit((title,), room, fmt.down(fmt.title, fmt.title * NEARLY), 600)
    if one is not None:
        yield (title,), one[1]
    if " " in title:
        for size in fmt.down(fmt.title * 0.94):
            lines = wrap(title, room, size, 600, 2)
            if " ".join(lines) == title:
                yield lines, size
                break
    small = fit((title,), room, fmt.down(fmt.title), 600)
    if small is not None and one is None:
        yield (title,), small[1]


def _inset(fmt: Format) -> float:
    """Px of the words from the left edge: print hatches a stripe there."""
    return max(9.0, fmt.title * 0.62)


def draw(sheet: Sheet, fmt: Format, block: TowerBlock, box: Box) -> None:
    """A block at its place."""
    x, y, wide, high = box.x, box.y, box.width, box.height
    if block.whole and block.new:
        out = fmt.stroke * 2.2
        ring = Box(x - out, y - out, wide + 2 * out, high + 2 * out, radius=fmt.title * 0.5)
        ring.edge, ring.line, ring.open = "ink", fmt.stroke * 1.6, True
        sheet.put(ring)
    sheet.put(box)
    shown = face(fmt, block, round(wide, 2), round(high, 2))
    left, right, role = x + _inset(fmt), x + wide - fmt.title * 0.5, f"{block.colour}.on"
    if shown.picture and (little := of_block(block.block)) is not None:
        tall, inks = shown.picture, Inks(role, f"{block.colour}.dim")
        across = tall * BROAD
        area = Pen(sheet, right - across, y + (high - tall) / 2, across, tall, inks)
        with sheet.group("picture", "picture", block.title):
            little(area, block.block)
        right -= across + fmt.small * 0.5
    inside = Bounds(x, y, x + wide, y + high)
    at = y + (high - shown.high) / 2 + PAD * fmt.title
    for line in shown.title:
        at += shown.size * LINE
        base = at - shown.size * 0.27
        sheet.label(left, base, line, size=shown.size, weight=600, role=role, inside=inside)
    if shown.second is not None:
        words, size = shown.second
        if shown.beside:
            sheet.label(right, base, words, size=size, role=role, anchor="end", inside=inside)
        else:
            at += fmt.small * SECOND
            base = at - fmt.small * 0.33
            sheet.label(left, base, words, size=size, role=role, inside=inside)
    if not shown.tag:
        return
    middle, wide = at + fmt.small * TAG * 0.56, tag_width(fmt, block.new)
    if shown.tag != "own":
        left, middle = right - wide, base - fmt.small * 0.34
    elif wide > right - left:
        left = max(x + fmt.small * 0.3, right + fmt.title * 0.25 - wide)
    draw_tag(sheet, fmt, block.new, left, middle, x + box.width - fmt.small * 0.24 - left)


def tag_width(fmt: Format, words: str) -> float:
    """Px across a tag."""
    size = fmt.tag
    return width(words, size, 600) + size * EDGES


def draw_tag(
    sheet: Sheet, fmt: Format, words: str, x: float, middle: float, room: float = 10**6
) -> Box:
    """What is new, by name, on the ink: its left edge and its middle."""
    size = min(fmt.tag, room / (width(words, 1, 600) + EDGES))
    wide, high = width(words, size, 600) + size * EDGES, size * 1.42
    box = Box(x, middle - high / 2, wide, high, radius=high * 0.22, fill="ink", edge="paper")
    box.line, box.open = 0.8, True
    with sheet.group("new", "new", words):
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
