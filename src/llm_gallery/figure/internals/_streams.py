"""Draws residual streams that are data: their lines with a branch to the right, and the weights from the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import SIZES, SMALL, arrow, slanted, snug
from llm_gallery.figure.internals._lanes import Trunk
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Box, Inset, Picture, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.stream import MOST
from llm_gallery.figure.kit.text import Content, Span, fitting, formula, width, wrap
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import tone
from llm_gallery.mechanisms.norms import norm_of
from llm_gallery.mechanisms.stream_drawing import StreamDrawing, StreamMap, StreamSign
from llm_gallery.mechanisms.streams import mixes
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.plan.stream import Stream

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

    def sign(self, sign: StreamSign, y: float) -> Node:
        """Where a branch is added, streams mix, or a branch reads."""
        if sign.first:
            at = dotted(self, Point(self.across[-1], y))  # no other stream is crossed
            return Node(Box(at.x, at.y, 0, 0), ())
        return self.crossing(y) if sign.sign == "×" else self.bar(y, sign.sign)

    def run(self) -> None:
        """The lines, from the lower edge to the upper one."""
        thick = streams.line_thickness(self.stream)
        streams.run(self, self.across, thick, self.high - 16, 8, arrow=True)
        width = self.use.block.value("width")
        each = f" of {width:,}" if isinstance(width, int) else ""
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
    return Stream(count=use.block.number("streams"), mixes=mixes(use.block))


def left_edge(use: Use) -> float:
    """Where the parts begin, so that they stand in the middle of what the side panel leaves."""
    room = use.width - (PANEL if use.width >= WIDE else 0)
    return MARGIN + max(0.0, (room - 2 * MARGIN - CORE) / 2)


NARROW = 418.0
"""Px under which there is room for the streams, the branch and words, and not for what makes the weights."""


WORDS = 178.0
"""Where the words of a narrow drawing begin."""


def inset(drawing: StreamDrawing, use: Use) -> Inset:
    """The streams with one branch, and where the weights come from; where there is no room for these, words."""
    block = use.block
    signs = [sign for sign in drawing.signs if sign.where is None or sign.where(block)]
    streams_of = f"{block.number('streams'):,} streams"
    if use.width < NARROW:
        return use.inset(
            drawing.title, tone(colour_of(block)), _narrow(drawing, use, signs), streams_of
        )
    drawn = bed(use, drawing.high)
    nodes = {sign: drawn.sign(sign, WRITE + sign.down) for sign in signs}
    if drawing.of_first:
        tap = dotted(drawn, Point(drawn.across[0], drawing.high - 42))
    else:
        tap = drawn.bar(drawing.high - 42, "").left
    _weights(drawn, drawing, tap, nodes)
    by_sign = {sign.sign: node for sign, node in nodes.items()}
    read, added = by_sign[""], by_sign["+"]
    between(drawn, drawn.branch, read, added, 92, drawing.branch)
    x = read.right.x + 8
    for node, words in ((read, drawing.taken), (added, drawing.given)):
        drawn.fitted(x, node.centre.y - 6, words, drawn.branch - x - 4, SIZES)
    formulas = tuple(map(formula, drawing.formulas(block)))
    panel(drawn, formulas, words_for(drawing.words, block), drawing.place)
    mixed = "mixed, " if drawing.mixed(block) else ""
    return use.inset(drawing.title, tone(colour_of(block)), drawn.body(), f"{mixed}{streams_of}")


def dotted(sheet: Sheet, at: Point) -> Point:
    """Where one stream alone is read."""
    sheet.put(dot(at.x, at.y, "stream", 4.25))
    return at


def _weights(
    drawn: Bed, drawing: StreamDrawing, tap: Point, nodes: Mapping[StreamSign, Node]
) -> None:
    """What streams hold is normed and passes the maps; of that come the weights of each sign, anew for each token."""
    use, x = drawn.use, drawn.weights
    norm = use.about(norm_of(use.block))
    first = drawn.add(pill(x, drawing.high - 66, "RMSNorm", wide=92, about=norm))
    drawn.wire(tap, Point(x, tap.y), first.bottom)
    trunk, y = Trunk(drawn, first.top), drawing.high - 104
    for each in drawing.maps:
        trunk.join(_map(use, each, x, y))
        drawn.label(x + 8, y - 22, each.then, size=10.5)
        y -= 52
    side, start = drawn.left + 8, trunk.tip
    rail = start.y - 10
    if gate := next((sign for sign in nodes if sign.gate), None):
        node = trunk.join(pill(x, nodes[gate].centre.y, "sigmoid", wide=92))
        drawn.wire(node.right, nodes[gate].left)
        start, rail = Point(x, first.top.y - 5), first.top.y - 5
        drawn.put(dot(x, rail))
    before: tuple[Point, ...] = (start, Point(x, rail), Point(side, rail))
    weighed = [sign for sign in nodes if sign.weights is not None and not sign.gate]
    for sign in sorted(weighed, key=lambda sign: -sign.down):
        y = nodes[sign].centre.y
        node = drawn.add(_weight(use, sign, x + 4, y))
        drawn.wire(*before, Point(side, y), node.left)
        drawn.wire(node.right, nodes[sign].left)
        if sign.down:
            drawn.put(dot(side, y))
        before = (Point(side, y),)


def _map(use: Use, stated: StreamMap, x: float, y: float) -> Node:
    """One matrix, or all that there are."""
    part = use.block.part(stated.role) if stated.role else None
    parts = (
        [each for each in use.block.inside if "outputs" in each.facts] if part is None else [part]
    )
    inputs, about = size(parts[0], "inputs") if parts else 0, use.about(parts[0] if parts else None)
    if stated.slanted:
        narrowing, ends = stated.slanted == "narrowing", (inputs, size(part, "outputs"))
        return slanted(x, y, *ends, "norm", wide=136, narrowing=narrowing, high=24, about=about)
    shape = arrow(inputs, " + ".join(f"{each.number('outputs'):,}" for each in parts))
    return matrix(x, y, stated.words, shape, "norm", about=about)


def _weight(use: Use, sign: StreamSign, x: float, y: float) -> Node:
    """What makes the weights of one sign."""
    part = use.block.part(sign.role) if sign.role else None
    about = use.facts(sign.title.lower(), *sign.facts) if sign.facts else use.about(part)
    shape = "" if part is None else arrow(part.number("inputs"), part.number("outputs"))
    assert sign.weights is not None
    forms = [(words, note.format(shape=shape)) for words, note in sign.weights(use.block)]
    return snug(x, y, forms, "norm", 152, about=about)


def _narrow(drawing: StreamDrawing, use: Use, signs: Sequence[StreamSign]) -> Picture:
    """The lines at the left, the branch beside them, and in words what happens at each sign."""
    sheet, stream, apart = Sheet(), stream_of(use), 59 if len(signs) > 2 else 72
    high, across = 78 + apart * (len(signs) - 1), streams.line_places(stream, MARGIN + 26, GAP)
    nodes: dict[str, Node] = {}
    for index, sign in enumerate(signs):
        y = 38 + apart * index
        if sign.sign == "×":
            nodes[sign.sign] = streams.crossing(sheet, across, y)
        else:
            some = across[-1 if sign.first else -MOST :]
            nodes[sign.sign] = streams.bar(sheet, some, y, sign.sign)
        first, *others = (words_for(line, use.block) for line in sign.lines)
        said: list[Content] = [(Span(f"{sign.title}  ", 600, role="ink"), first), *others]
        room = use.width - WORDS - MARGIN
        type_size = min(fitting(line, room, SIZES) for line in said)
        for line, words in enumerate(said):
            sheet.label(WORDS, y - 2 + 16 * line, words, size=type_size)
    between(sheet, WORDS - 62, nodes[""], nodes["+"], 78, "branch")
    under = Sheet()
    streams.run(under, across, streams.line_thickness(stream), high - 6, 8, arrow=True)
    under.shapes += sheet.shapes
    return under.picture(use.width, high)


def between(sheet: Sheet, x: float, read: Node, write: Node, wide: float, words: str) -> None:
    """The branch: from where it reads up through its parts and back into the bar that writes."""
    middle = (read.centre.y + write.centre.y) / 2
    node = sheet.add(matrix(x, middle, words, "", "norm", wide=wide, high=30))
    sheet.wire(read.right, Point(x, read.centre.y), node.bottom)
    sheet.wire(node.top, Point(x, write.centre.y), write.right)


def panel(bed: Bed, formulas: Sequence[Content], words: str, place: str = "a branch") -> None:
    """The side panel: what happens as formulas, what they mean, and what it stores."""
    if bed.use.width < WIDE:
        return
    x, y = panel_title(bed, bed.use, bed.high, "In one line"), 20.0
    for line in formulas:
        y += 24
        bed.label(x, y, line, size=13, role="ink")
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
