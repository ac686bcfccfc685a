"""Residual streams inside an inset: their lines with a branch to the right, and the weights from the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SIZES, SMALL
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix
from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.kit.stream import MOST
from llm_gallery.figure.kit.text import Content, Span, fitting, italic, subscript, width, wrap
from llm_gallery.figure.plan.stream import Stream

WIDE = 600.0
"""Px from which an inset has a side panel."""
PANEL = 236.0
CORE = 386.0
GAP = 8.0
"""Px between lines."""
WRITE = 46.0
"""Px from the upper edge to where the branch is added."""


@dataclass(slots=True, kw_only=True)
class Bed(Board):
    """The streams' lines as they rise, the branch beside them, and the column of weights."""

    left: float  # of the weights' column
    high: float

    @property
    def stream(self) -> Stream:
        """That of the stack."""
        return stream_of(self.use)

    @property
    def weights(self) -> float:
        """The line on which the weights are made."""
        return self.left + 96

    @property
    def at(self) -> float:
        """The middle of the streams."""
        return self.left + 228

    @property
    def branch(self) -> float:
        """The line on which the branch stands."""
        return self.left + 330

    @property
    def across(self) -> tuple[float, ...]:
        """The lines."""
        return streams.line_places(self.stream, self.at, GAP)

    def bar(self, y: float, sign: str) -> Node:
        """A bar across the lines."""
        return streams.bar(self, self.across, y, sign)

    def crossing(self, y: float) -> Node:
        """Where every line meets every other."""
        return streams.crossing(self, self.across, y)

    def run(self) -> None:
        """The lines, from the lower edge to the upper one."""
        thick = streams.line_thickness(self.stream)
        streams.run(self, self.across, thick, self.high - 16, 8, arrow=True)
        size = self.use.block.value("width")
        each = f" of {size:,}" if isinstance(size, int) else ""
        words = f"{self.stream.count:,} streams{each}"
        self.label(self.at, self.high - 3, words, anchor="middle", size=SMALL)

    def body(self) -> Picture:
        """The drawing."""
        return self.picture(self.use.width, self.high)


def bed(use: Use, high: float) -> Bed:
    """The lines alone, the parts in the middle of what the side panel leaves."""
    lines = Bed(use=use, colour="norm", left=left_edge(use), high=high)
    lines.run()
    return lines


def stream_of(use: Use) -> Stream:
    """The streams of a stack."""
    return Stream(count=use.block.number("streams"), mixes="mixing" in use.block.facts)


def written_by(block: Block) -> str:
    """What makes the weights by which a branch is written: twice a sigmoid where the block states no other bound."""
    most = block.settings.get("magnitude", 2)
    return "sigmoid" if most == 1 else f"{most:g} × sigmoid"


def left_edge(use: Use) -> float:
    """Where the parts begin, so that they stand in the middle of what the side panel leaves."""
    room = use.width - (PANEL if use.width >= WIDE else 0)
    return MARGIN + max(0.0, (room - 2 * MARGIN - CORE) / 2)


NARROW = 418.0
"""Px under which there is room for the streams, the branch and words, and not for what makes the weights."""


@dataclass(slots=True)
class Aside:
    """A narrow drawing: the lines at the left, the branch beside them, and in words what happens at each sign."""

    use: Use
    high: float
    sheet: Sheet = field(default_factory=Sheet)

    @property
    def stream(self) -> Stream:
        """That of the stack."""
        return stream_of(self.use)

    @property
    def across(self) -> tuple[float, ...]:
        """The lines."""
        return streams.line_places(self.stream, MARGIN + 26, GAP)

    def sign(self, y: float, sign: str, title: str, *lines: str, of: int = MOST) -> Node:
        """A bar or a crossing over the lines, or over the `of` nearest the branch, and what it does."""
        if sign == "×":
            node = streams.crossing(self.sheet, self.across, y)
        else:
            node = streams.bar(self.sheet, self.across[-of:], y, sign)
        first: Content = (Span(f"{title}  ", 600, role="ink"), lines[0])
        room = self.use.width - WORDS - MARGIN
        said = (first, *lines[1:])
        size = min(fitting(line, room, SIZES) for line in said)
        for index, line in enumerate(said):
            self.sheet.label(WORDS, y - 2 + 16 * index, line, size=size)
        return node

    def between(self, read: Node, write: Node) -> Picture:
        """The drawing, with the branch, and its lines run."""
        between(self.sheet, WORDS - 62, read, write, 78)
        thick, under = streams.line_thickness(self.stream), Sheet()
        streams.run(under, self.across, thick, self.high - 6, 8, arrow=True)
        under.shapes += self.sheet.shapes
        return under.picture(self.use.width, self.high)


WORDS = 178.0
"""Where the words of a narrow drawing begin."""


def between(sheet: Sheet, x: float, read: Node, write: Node, wide: float) -> None:
    """The branch: from the bar that reads up through its parts and back into the bar that writes."""
    middle = (read.centre.y + write.centre.y) / 2
    node = sheet.add(matrix(x, middle, "branch", "", "norm", wide=wide, high=30))
    sheet.wire(read.right, Point(x, read.centre.y), node.bottom)
    sheet.wire(node.top, Point(x, write.centre.y), write.right)


def branch(bed: Bed, read: Node, write: Node, taken: str, given: str) -> None:
    """The branch, and what is done where it reads and writes."""
    between(bed, bed.branch, read, write, 92)
    x = read.right.x + 8
    for bar, words in ((read, taken), (write, given)):
        bed.fitted(x, bar.centre.y - 6, words, bed.branch - x - 4, SIZES)


def indexed(symbol: str, index: str) -> tuple[Span, Span]:
    """A symbol with its index, as formulas have it."""
    return italic(symbol), subscript(index)


def panel(bed: Bed, formulas: Sequence[Content], words: str, place: str = "a branch") -> None:
    """The side panel: what happens as formulas, what they mean, and what it stores."""
    if bed.use.width < WIDE:
        return
    x, y = panel_title(bed, bed.use, bed.high, "In one line"), 20.0
    for formula in formulas:
        y += 24
        bed.label(x, y, formula, size=13, role="ink")
    y = paragraph(bed, x, y + 12, words, 16)
    headline(bed, x, y + 34, short(stored(bed.use.block)), f"parameters {place}")


def panel_title(sheet: Sheet, use: Use, high: float, title: str) -> float:
    """The hairline of a side panel and its title; gives back its left edge."""
    x = use.width - PANEL + 16
    sheet.rule(Point(x - 18, 2), Point(x - 18, high - 6), role="norm.edge")
    sheet.label(x, 20, title, size=12, weight=600, role="norm.text")
    return x


def paragraph(sheet: Sheet, x: float, y: float, words: str, leading: float) -> float:
    """Words in as many lines as they need; gives back the last one's height."""
    for line in wrap(words, PANEL - 34, SMALL, lines=9):
        y += leading
        sheet.label(x, y, line)
    return y


def headline(sheet: Sheet, x: float, y: float, number: str, unit: str) -> None:
    """A number in large type, and what it counts."""
    sheet.label(x, y, number, size=20, weight=600, role="ink")
    sheet.label(x + width(number, 20, 600) + 6, y, unit)
