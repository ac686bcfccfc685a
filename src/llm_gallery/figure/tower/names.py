"""Layers of a tower that are told by name alone: a swatch and a name for each of their parts."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.figure.tower import wiring
from llm_gallery.figure.tower.columns import Columns
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Named, Storey, Tower


def names(
    sheet: Sheet, fmt: Format, tower: Tower, storey: Storey, at: Columns, top: float, line: float
) -> None:
    """Lines of names, the lowest first."""
    across = wiring.lines(fmt, tower.stream, at.axis)
    near = across[0] - fmt.title * 0.45
    for i, named in enumerate(reversed(storey.names)):
        middle = top + (i + 0.5) * line
        words = f"{named.times:,} ×"
        size = fitting(words, near - at.left - 4, fmt.down(fmt.small * 1.1), 600)
        sheet.label(
            (at.left + near) / 2,
            middle + size * 0.36,
            words,
            size=size,
            weight=600,
            role="ink",
            anchor="middle",
        )
        area = Bounds(at.left, middle - line / 2, at.right, middle + line / 2)
        _line(sheet, fmt, named, across[-1] + fmt.title * 0.7, at.inner, area)


def _line(sheet: Sheet, fmt: Format, named: Named, x: float, inner: float, area: Bounds) -> None:
    """The parts of one: where they lack room, in fewer words, then smaller, then fewer."""
    parts, middle = list(named.parts), (area.top + area.bottom) / 2
    if named.more:
        words = f"of {named.more:,} more kinds"
        sheet.fitted(
            x, middle + fmt.small * 0.36, words, inner - x, fmt.down(fmt.small), role="ink"
        )
        return

    def wide(size: float) -> float:
        names = sum(width(words, size) + size * 1.15 for _, words in parts)
        return names + size * 0.6 * (len(parts) - 1)

    if wide(fmt.smallest) > inner - x:
        parts = [(colour, words.removesuffix(" attention")) for colour, words in parts]
    while wide(fmt.smallest) > inner - x and len(parts) > 1:
        parts.pop()
    size = next((s for s in fmt.down(fmt.small) if wide(s) <= inner - x), fmt.smallest)
    for colour, words in parts:
        side = size * 0.9
        swatch = Box(x, middle - side / 2, side, side, radius=1, fill=f"{colour}.solid", open=True)
        sheet.put(swatch)
        x += size * 1.15
        sheet.label(x, middle + size * 0.36, words, size=size, role="ink", inside=area)
        x += width(words, size) + size * 0.6
