"""Where the norms of a branch stand, beside where they mostly do."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import dot, stream_line, stream_sum


def norms(before: bool, sheet: Sheet, wide: float, y: float) -> float:
    """Two branches laid down: with its norm in front, and as it is here."""
    rows = wide < 600
    each = wide - 32 if rows else (wide - 32 - 24) / 2
    low = _branch(sheet, 16, each, y, "mostly", front=True, behind=False, here=False)
    x, y = (16.0, low + 4) if rows else (16 + each + 24, y)
    return _branch(sheet, x, each, y, "here", front=before, behind=True, here=True)


def _branch(
    sheet: Sheet,
    x: float,
    wide: float,
    y: float,
    name: str,
    *,
    front: bool,
    behind: bool,
    here: bool,
) -> float:
    """The stream below, and over it what a branch passes from where it reads to where it is added."""
    sheet.label(x, y + 12, name, size=13, weight=600, role="ink" if here else "muted")
    middle, line = y + 38, y + 78
    start, end = x + 14, x + wide - 22
    ring = stream_sum(end, line)
    sheet.put(stream_line(Point(x, line), ring.left))
    sheet.put(stream_line(ring.right, Point(x + wide, line), arrow=True))
    sheet.put(dot(start, line, "stream", 4.25))
    sheet.add(ring)
    norm = 48.0
    block = max(50.0, min(150.0, end - start - 2 * (norm + 34)))
    centre = (start + end) / 2
    box = Box(centre - block / 2, middle - 16, block, 32, fill="norm.solid", labelled=True)
    words = "block" if block < 118 else "attention, MLP"
    sheet.put(box, *centred(box, "norm.on", Words(4.5, words, 12.5, 600)))
    left, right = centre - block / 2, centre + block / 2
    at = Point(start, middle)
    path: list[Point] = [Point(start, line), at]
    if front:
        node = sheet.add(pill((start + left) / 2, middle, "norm", wide=norm, high=24, size=12.5))
        sheet.wire(*path, node.left)
        path = [node.right]
    sheet.wire(*path, Point(left, middle))
    path = [Point(right, middle)]
    if behind:
        node = sheet.add(pill((end + right) / 2, middle, "norm", wide=norm, high=24, size=12.5))
        sheet.wire(*path, node.left)
        path = [node.right]
    sheet.wire(*path, Point(end, middle), ring.top)
    return line + 18
