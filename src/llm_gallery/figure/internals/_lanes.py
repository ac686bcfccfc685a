"""Streams that rise side by side: how drawings of mechanisms are put together.

A drawing starts at the bottom, where y is 0, and climbs to negative y, as data does; `body` puts its
upper left corner at (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llm_gallery.analysis.mechanisms import Mechanism
from llm_gallery.figure.blocks import Content, Node, Sheet, dot, label, matrix_width
from llm_gallery.figure.shapes import Line, Picture, Point, moved
from llm_gallery.figure.text import Weight, wrap

MARGIN = 16.0
GAP = 14.0
"""Px from a block's upper edge to the next block's lower one."""
FOOT, BUS = -4.0, -20.0
"""Heights at which the input enters and forks."""
FIRST = BUS - 35
"""Height of the middle of the first row of blocks."""
SMALL = 10.5


@dataclass(slots=True)
class Lanes:
    """Streams by name: where each rises, how far it has come, and how broad a block in it may be."""

    sheet: Sheet
    at: dict[str, float]
    box: float
    tips: dict[str, Point] = field(default_factory=dict)

    def rise(self, name: str, node: Node) -> Node:
        """The next block of a stream: joined to the one below, if any."""
        self.sheet.add(node)
        if name in self.tips:
            self.sheet.wire(self.tips[name], node.bottom)
        self.tips[name] = node.top
        return node

    def into(self, node: Node, *names: str) -> None:
        """Streams that end in a block above them."""
        for name in names:
            tip = self.tips.pop(name)
            self.sheet.wire(tip, Point(tip.x, node.bottom.y))

    def middle(self, *names: str) -> float:
        """The middle of some streams."""
        return (self.at[names[0]] + self.at[names[-1]]) / 2

    def span(self, *names: str) -> float:
        """Px from the left edge of the first stream's blocks to the right edge of the last's."""
        return self.at[names[-1]] - self.at[names[0]] + self.box


def lanes(sheet: Sheet, names: Sequence[str], left: float, right: float, broadest: float) -> Lanes:
    """Streams at equal distance, at most `broadest`, in the middle between two edges."""
    gutter = 10.0
    pitch = min(broadest, (right - left + gutter) / len(names))
    start = (left + right - pitch * len(names)) / 2
    return Lanes(sheet, {n: start + pitch * (i + 0.5) for i, n in enumerate(names)}, pitch - gutter)


def product(*counts: int) -> str:
    """Counts with their digits in threes, as a product."""
    return " × ".join(f"{count:,}" for count in counts)


def arrow(inputs: int | str, outputs: int | str) -> str:
    """The change of width of a projection: "2,048 → 512"."""
    shown = [f"{side:,}" if isinstance(side, int) else side for side in (inputs, outputs)]
    return " → ".join(shown).strip()


def fitting(names: Sequence[Content], forms: Sequence[Sequence[str]], room: float) -> Sequence[str]:
    """The first form of the shapes in which every block keeps to its room; the last is no shape at all."""
    for shapes in forms:
        pairs = zip(names, shapes, strict=True)
        if all(matrix_width(name, shape) - 12 <= room for name, shape in pairs):
            return shapes
    return [""] * len(names)


def fork(sheet: Sheet, x: float, targets: Sequence[Point]) -> None:
    """The input from below at x, led to every target."""
    start = Point(x, BUS)
    sheet.wire(Point(x, FOOT), start, arrow=False)
    for target in targets:
        corner = () if target.x == x else (Point(target.x, BUS),)
        sheet.wire(start, *corner, target)
    if len(targets) > 1:
        sheet.put(dot(x, BUS))


def leave(sheet: Sheet, last: Node) -> float:
    """The arrow out of the last block; the height that the drawing then has."""
    top = last.top.y - 18
    sheet.wire(last.top, Point(last.top.x, top))
    return 4 - top


def beside(sheet: Sheet, node: Node, words: str, end: float) -> None:
    """A remark in small type to the right of a block, in one or two lines up to `end`."""
    lines = wrap(words, end - node.right.x - 10, SMALL) if words else ()
    for i, line in enumerate(lines):
        y = node.right.y + 0.36 * SMALL + 12 * (i - (len(lines) - 1) / 2)
        sheet.label(node.right.x + 6, y, line, size=SMALL)


def on_hero(
    sheet: Sheet,
    node: Node,
    down: float,
    words: Content,
    mechanism: Mechanism,
    *,
    size: float = 14,
    weight: Weight = 500,
) -> None:
    """Text on a full block, so far below its middle."""
    x, y = node.centre
    sheet.put(
        label(
            x,
            y + down + 0.36 * size,
            words,
            size=size,
            weight=weight,
            role=f"{mechanism}.on",
            anchor="middle",
            inside=node.box.bounds,
        )
    )


def rule(x: float, high: float, mechanism: Mechanism) -> Line:
    """The hairline between a drawing and its side panel."""
    ends = (Point(x, 8 - high), Point(x, -8))
    return Line(points=ends, kind="rule", role=f"{mechanism}.edge", thickness=1)


def body(sheet: Sheet, width: float, high: float) -> Picture:
    """The drawing with its upper left corner at (0, 0)."""
    return Picture(width=width, height=high, shapes=moved(tuple(sheet.shapes), 0, high))
