"""The sheet that a mechanism is drawn on: what it shows, in which colour, and what all such drawings have in common.

A drawing starts at the bottom, where y is 0, and climbs to negative y, as data does; `inset` puts its
upper left corner at (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cbrt
from typing import NamedTuple, Unpack

from llm_gallery.analysis.units import short
from llm_gallery.figure.internals._fitting import SMALL, SMALLEST, slanted
from llm_gallery.figure.internals._ledger import flowing, ledger
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.internals._wires import Ends, Known, Widths, thickness, widened
from llm_gallery.figure.kit.blocks import COUNTED, MATRIX, Node, Settings, Sheet, Type, matrix
from llm_gallery.figure.kit.shapes import About, Anchor, Inset, Picture, Point, moved
from llm_gallery.figure.kit.signs import CHIP, LEAST_DRUM, chip, dot, drum, sized_drum
from llm_gallery.figure.kit.text import Content, formula, spans, width
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import singular

MARGIN = 16.0
FOOT = -4.0
"""Height at which the input enters."""
WIDE = 640
"""Px from which there is a side panel."""


class Spacing(NamedTuple):
    """Px that a drawing is set with: heights of the input's fork, of the middle of the first row and of matrices, gaps."""

    bus: float
    first: float
    matrix: float
    gap: float  # from a block's upper edge to the next one's lower one
    sign: float  # to the middle of a sum or a product
    leave: float  # of the arrow out of it


PLAIN = Spacing(bus=-20, first=-55, matrix=MATRIX, gap=14, sign=20, leave=18)
WIDE_WIRES = Spacing(bus=-30, first=-84, matrix=MATRIX + COUNTED, gap=24, sign=32, leave=34)
"""Where wires are as thick as they are wide, and matrices say their parameters."""


@dataclass(slots=True)
class Board(Sheet):
    """A sheet with the use that it shows, and the mechanism's colour."""

    use: Use = field(kw_only=True)
    colour: Colour = field(kw_only=True)
    ends: dict[int, Ends] = field(default_factory=dict)
    """What matrices read and give, by the id of their box."""
    carried: Widths = field(default_factory=dict)
    """Widths of wires that no matrix says."""
    shown: set[int] = field(default_factory=set)
    """Widths that are drawn as thickness."""
    low: float = 0.0
    """Px that the drawing reaches below 0."""
    symbols: tuple[str, ...] = ()
    """What the symbols of its formulas are, a phrase each."""
    drums: float = 0.0
    """Px of a drum's side for the root of one byte; none where drums are signs."""
    same: list[tuple[Point, Point]] = field(default_factory=list)
    """Ends of wires between which something stands that is no block."""

    @property
    def spacing(self) -> Spacing:
        """What it is set with."""
        return WIDE_WIRES if self.use.full else PLAIN

    def matrix(
        self,
        x: float,
        y: float,
        content: Content,
        shape: str,
        *,
        count: str = "",
        **given: Unpack[Settings],
    ) -> Node:
        """A weight matrix, which says its parameters where all is said: `count`, else what its part stores."""
        given = {"high": self.spacing.matrix, **given}
        said = self.counted(given.get("about"), count, given.get("wide"))
        node = matrix(x, y, content, shape, self.colour, count=said, **given)
        return self._joined(node, given.get("about"))

    def _joined(self, node: Node, about: About | None) -> Node:
        """A matrix, of which is noted what it reads and gives."""
        part = None if about is None or not self.use.full else self.use.at(about.path)
        if part is not None and "inputs" in part.facts:
            self.ends[id(node.box)] = Ends(part.number("inputs"), part.number("outputs"))
        return node

    def carries(self, point: Point, wide: int) -> None:
        """Notes how many numbers a wire carries that begins or ends at a point."""
        self.carried[round(10 * point.x), round(10 * point.y)] = wide

    def slanted(
        self,
        x: float,
        y: float,
        inputs: int,
        outputs: int | str,
        *,
        wide: float,
        narrowing: bool,
        about: About | None,
    ) -> Node:
        """A trapezoid with the change of width that it makes, and its parameters where all is said."""
        part = None if about is None or not self.use.full else self.use.at(about.path)
        shared = part is not None and len(part.roles) > 1 and isinstance(outputs, int)
        count = self.counted(about, short(inputs * int(outputs)) if shared else "", wide)
        high = self.spacing.matrix
        node = slanted(
            x,
            y,
            inputs,
            outputs,
            self.colour,
            wide=wide,
            narrowing=narrowing,
            high=high,
            count=count,
            about=about,
        )
        given = int(outputs) if isinstance(outputs, int) else size(part, "outputs")
        self.ends[id(node.box)] = Ends(inputs, given)
        return node

    def counted(self, about: About | None, count: str = "", wide: float | None = None) -> str:
        """The parameters of what answers so, where all is said, as they have room."""
        if not self.use.full:
            return ""
        forms = () if about is None else self.use.parameters(about.path)
        forms = (count,) if count else forms
        room = 1000.0 if wide is None else wide - 8
        return next((form for form in forms if width(form, SMALLEST, 600) <= room), "")

    def goes_on(self, low: Point, high: Point) -> None:
        """Notes that what ends at one point goes on at the other, as wide as it was."""
        self.same.append((low, high))

    def widen(self) -> None:
        """Where all is said, makes wires as thick as they are wide; before shapes are moved."""
        if self.use.full:
            known = Known(self.ends, self.carried, self.same)
            made = widened(self.shapes, known, self.colour, self.use.divisor, self.use.width - 4)
            self.shapes, widths = made
            self.shown |= widths

    def place(self, part: Sheet, x: float, y: float) -> None:
        """Puts what another sheet holds on this one, its wires as they are there."""
        if isinstance(part, Board):
            part.widen()
            self.shown |= part.shown
        Sheet.place(self, part, x, y)

    def fork(self, x: float, targets: Sequence[Point]) -> None:
        """The input from below at x, led to every target."""
        start = Point(x, self.spacing.bus)
        self.wire(Point(x, FOOT), start, arrow=False)
        for target in targets:
            corner = () if target.x == x else (Point(target.x, start.y),)
            self.wire(start, *corner, target)
        if len(targets) > 1:
            self.put(dot(*start))

    def scaled_input(self, x: float, words: str, about: About) -> None:
        """A scalar on the input's line, under what the line was."""
        node = self.add(chip(x, FOOT + 8 + CHIP / 2, words, about=about))
        self.wire(node.top, Point(x, FOOT), arrow=False)
        self.wire(Point(x, node.bottom.y + 14), node.bottom, arrow=False)
        self.low = node.bottom.y + 14

    def side_input(self, x: float, words: str, top: float, *, down: float = 3) -> None:
        """An input that isn't the layer's, led up to its block."""
        self.wire(Point(x, FOOT), Point(x, top))
        self.label(x + 8, FOOT - down, words, size=SMALL)

    def drum(self, x: float, y: float, numbers: int) -> None:
        """Left of a line at x, standing at y: the drum of what is kept of a token, by its bytes where all is said."""
        if not self.drums:
            self.put(drum(x - 20, y - 9))
            return
        size = max(LEAST_DRUM, self.drums * cbrt(2 * numbers))
        role = f"{self.colour}.text"
        self.put(sized_drum(x - 10 - size, y + 1 - size, size, "matrix", role))

    def kept_mark(self, x: float, y: float, words: str, numbers: int = 0) -> None:
        """Beside a line at x: the drum of what outlives a token, and what that is."""
        self.drum(x, y, numbers)
        self.label(x + 8, y, words, size=SMALL, weight=500, role="ink")

    def raised(self, high: float, least: float) -> float:
        """The greater height; what is drawn moves to the middle of it."""
        if least > high:
            self.widen()
            self.shapes = list(moved(tuple(self.shapes), 0, (high - least) / 2))
        return max(high, least)

    def side(self, x: float, high: float) -> None:
        """The hairline between a drawing and its side panel."""
        self.rule(Point(x, 8 - high), Point(x, -8), role=f"{self.colour}.edge")

    def panel(self, x: float, high: float, title: str, beside: float) -> float:
        """A side panel's title at x, `beside` its hairline; gives its baseline back."""
        self.side(x - beside, high)
        self.label(x, 20 - high, title, size=12, weight=600, role=f"{self.colour}.text")
        return 20 - high

    def set_over(self, below: Board, tall: float, title: str, note: str) -> float:
        """Puts a second drawing under this one, parted by a rule and a title; gives back what it adds to the height."""
        self.widen()
        below.widen()
        self.shown |= below.shown
        y, right = -tall - 12, self.use.width
        below.rule(Point(MARGIN, y), Point(right - MARGIN, y), role=f"{self.colour}.edge")
        style = Type(size=12, weight=600, role=f"{self.colour}.text")
        words = below.label(MARGIN, 12 - tall, title, **style)
        if note:
            x = words.bounds.right + 8
            # Right of the line that leaves the drawing, where the note would lie in its way.
            left = x + width(note, SMALL) < right / 2 - 8
            anchor: Anchor = "start" if left else "end"
            below.label(x if left else right - MARGIN, 12 - tall, note, size=SMALL, anchor=anchor)
        self.shapes = [*below.shapes, *moved(tuple(self.shapes), 0, -tall - 24)]
        return tall + 24

    def _named(self) -> float:
        """Puts what its symbols are under the drawing, below 0; gives back how far that reaches."""
        if not self.symbols:
            return self.low
        phrases = [spans(formula(singular(words))) for words in self.symbols]
        return flowing(self, phrases, self.use.width, self.low + 5) + 1

    def _put_ledger(self, top: float) -> float:
        """Puts parameters and scalars under that; gives back how far they reach."""
        use, below = self.use, Sheet()
        some = [(wide, thickness(wide, use.divisor)) for wide in sorted(self.shown)]
        high = ledger(below, use.variants, use.width, self.colour, some, use.divisor)
        Sheet.place(self, below, 0, top + 4)
        return top + 4 + high

    def inset(self, title: str, high: float, *notes: str, named: bool = True) -> Inset:
        """The drawing, so high, under its title, and under it what it says in words."""
        self.widen()
        low = self._named()
        if self.use.full:
            low = self._put_ledger(low)
        drawn = self.picture(self.use.width, high)
        inside = ((Point(0, high), drawn),)
        body = Picture(width=drawn.width, height=high + low, shapes=(), inside=inside)
        return self.use.inset(title, self.colour, body, *notes, named=named)
