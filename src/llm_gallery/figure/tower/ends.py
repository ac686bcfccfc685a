"""What stands around a tower's frames: embedding and head as bars, the final norm, what enters and leaves."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Box, Line, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.tower.columns import Columns
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Tower


def bar(
    sheet: Sheet,
    fmt: Format,
    at: Columns,
    name: str,
    fact: str,
    path: str,
    y: float,
    tall: float,
) -> None:
    """Embedding or head: its name over the blocks, and its width where that fits."""
    about = About(path, ": ".join(filter(None, (name, fact)))) if path else None
    box = Box(at.left, y, at.right - at.left, tall, radius=fmt.title * 0.35, about=about)
    box.fill, box.labelled = "embedding.solid", True
    size = max(fmt.smallest, min(fmt.title * 0.96, tall * 0.76))
    x = at.start + max(9.0, fmt.title * 0.62)
    x, middle = min(x, at.right - fmt.title * 0.4 - width(name, size, 600)), y + tall / 2
    room = at.inner - fmt.title * 0.5 - x - width(name, size, 600) - fmt.small
    with sheet.group("block embedding", name.lower(), name):
        sheet.put(box)
        sheet.label(
            x,
            middle + size * 0.36,
            name,
            size=size,
            weight=600,
            role="embedding.on",
            inside=box.bounds,
        )
        small = min(fmt.small, tall * 0.7)
        if fact and small >= fmt.smallest and width(fact, small) <= room:
            sheet.label(
                at.inner - fmt.title * 0.5,
                middle + small * 0.36,
                fact,
                size=small,
                role="embedding.on",
                anchor="end",
                inside=box.bounds,
            )


def outside(
    sheet: Sheet, fmt: Format, tower: Tower, axis: float, head: float, low: float, row: float
) -> None:
    """What enters below and what leaves above."""
    for start, end, words, base in (
        (head, head - row + 2, tower.given, head - row * 0.3),
        (low + row - 1, low, tower.read, low + row * 0.76),
    ):
        ends = Point(axis, start), Point(axis, end)
        sheet.put(
            Line(points=ends, kind="stream", role="stream", thickness=fmt.stroke * 1.8, arrow=True)
        )
        sheet.label(axis + fmt.small * 0.9, base, words, size=fmt.small)


def norm_span(fmt: Format, tower: Tower, head: float) -> tuple[float, float]:
    """The upper and lower edge of the final norm, under the head; of none, one place."""
    loop = fmt.title * 0.75 if tower.stream.passes > 1 and tower.stream.norms else 0.0
    y = head + loop + fmt.title * 0.3
    return y, y + (fmt.small * 1.45 if tower.norm else 0.0)


def norm(sheet: Sheet, fmt: Format, tower: Tower, at: Columns, head: float) -> None:
    """Draw the final norm on the stream, which names what the small pills are; it stays right of the layers' strip."""
    wide = width(tower.norm, fmt.small) + fmt.small * 1.3
    left = max(at.axis - wide / 2, at.track + fmt.small * 0.3)
    y, low = norm_span(fmt, tower, head)
    tall = low - y
    about = About(tower.norm_path, tower.norm) if tower.norm_path else None
    box = Box(left, y, wide, tall, radius=tall / 2, about=about)
    box.fill, box.edge, box.labelled = "norm.tint", "norm.solid", True
    sheet.put(box)
    sheet.label(
        left + wide / 2,
        y + tall / 2 + fmt.small * 0.36,
        tower.norm,
        size=fmt.small,
        role="norm.text",
        anchor="middle",
        inside=box.bounds,
    )
