"""The drawing's vocabulary: blocks, signs and wires by their centre, and the sheet that they are put on."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm_gallery.analysis.mechanisms import Mechanism
from llm_gallery.figure.kit.shapes import (
    About,
    Anchor,
    Bounds,
    Box,
    Form,
    Line,
    Mark,
    Picture,
    Point,
    Shape,
    Text,
)
from llm_gallery.figure.kit.text import Content, Span, Weight, spans, width

SHAPE_SIZE = 10.5
"""Px of the type that a weight matrix's shape is set in."""


@dataclass(frozen=True, slots=True)
class Node:
    """A block as drawn, and the places where lines meet it."""

    box: Box
    shapes: tuple[Shape, ...]

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(self.box.x + self.box.width / 2, self.box.y + self.box.height / 2)

    @property
    def top(self) -> Point:
        """The middle of the upper edge: where the output leaves."""
        return Point(self.box.x + self.box.width / 2, self.box.y)

    @property
    def bottom(self) -> Point:
        """The middle of the lower edge: where the input arrives."""
        return Point(self.box.x + self.box.width / 2, self.box.y + self.box.height)

    @property
    def left(self) -> Point:
        """The middle of the left edge."""
        return Point(self.box.x, self.box.y + self.box.height / 2)

    @property
    def right(self) -> Point:
        """The middle of the right edge."""
        return Point(self.box.x + self.box.width, self.box.y + self.box.height / 2)


@dataclass(slots=True)
class Sheet:
    """Collects shapes in the order in which they are painted."""

    shapes: list[Shape] = field(default_factory=list)

    def add(self, node: Node) -> Node:
        """Puts a block on the sheet and gives it back, for its anchors."""
        self.shapes += node.shapes
        return node

    def put(self, *shapes: Shape) -> None:
        """Puts bare shapes on the sheet."""
        self.shapes += shapes

    def wire(self, *points: Point, arrow: bool = True, role: str = "flow") -> None:
        """A line along the points, each straight above, below or beside the last; the tip at the end."""
        self.shapes.append(Line(points=points, arrow=arrow, role=role))

    def label(
        self,
        x: float,
        y: float,
        content: Content,
        *,
        size: float = 11.5,
        weight: Weight = 400,
        role: str = "muted",
        anchor: Anchor = "start",
        tabular: bool = False,
    ) -> Text:
        """Text with its baseline at y; `anchor` is "start", "middle" or "end"."""
        text = label(
            x, y, content, size=size, weight=weight, role=role, anchor=anchor, tabular=tabular
        )
        self.shapes.append(text)
        return text

    def picture(self, width: float, height: float) -> Picture:
        """All that was put on the sheet."""
        return Picture(width=width, height=height, shapes=tuple(self.shapes))


def label(
    x: float,
    y: float,
    content: Content,
    *,
    size: float = 11.5,
    weight: Weight = 400,
    role: str = "muted",
    anchor: Anchor = "start",
    tabular: bool = False,
    tracking: float = 0.0,
    inside: Bounds | None = None,
    about: About | None = None,
) -> Text:
    """Text with its baseline at y; `anchor` is "start", "middle" or "end"."""
    return Text(
        x=x,
        y=y,
        spans=spans(content),
        size=size,
        weight=weight,
        role=role,
        anchor=anchor,
        tabular=tabular,
        tracking=tracking,
        inside=inside,
        about=about,
    )


def _block(
    x: float,
    y: float,
    content: Content,
    *,
    wide: float,
    high: float,
    size: float,
    weight: Weight,
    ink: str,
    fill: str,
    edge: str | None,
    form: Form = "rect",
    radius: float = 6.0,
    dashed: bool = False,
    about: About | None = None,
) -> Node:
    box = Box(
        x=x - wide / 2,
        y=y - high / 2,
        width=wide,
        height=high,
        form=form,
        radius=radius,
        fill=fill,
        edge=edge,
        dashed=dashed,
        labelled=True,
        about=about,
    )
    text = label(
        x,
        y + 0.36 * size,
        content,
        size=size,
        weight=weight,
        role=ink,
        anchor="middle",
        inside=box.bounds,
    )
    return Node(box, (box, text))


def hero(
    x: float,
    y: float,
    content: Content,
    mechanism: Mechanism,
    *,
    wide: float = 168,
    high: float = 46,
    size: float = 14,
    weight: Weight = 600,
    about: About | None = None,
) -> Node:
    """A full block: what a layer or an inset is about."""
    return _block(
        x,
        y,
        content,
        wide=wide,
        high=high,
        size=size,
        weight=weight,
        ink=f"{mechanism}.on",
        fill=f"{mechanism}.solid",
        edge=None,
        about=about,
    )


def matrix_width(content: Content, shape: str = "", size: float = 12) -> float:
    """Px that a weight matrix takes with its name, its shape and room at both sides."""
    return width(with_shape(content, shape), size, 500) + 22


def matrix(
    x: float,
    y: float,
    content: Content,
    shape: str,
    mechanism: Mechanism,
    *,
    wide: float | None = None,
    high: float = 26,
    size: float = 12,
    about: About | None = None,
) -> Node:
    """A weight matrix: its name and its shape, "→ 4,096" or "512 → 2,048"; as wide as it must be."""
    return _block(
        x,
        y,
        with_shape(content, shape),
        wide=matrix_width(content, shape, size) if wide is None else wide,
        high=high,
        size=size,
        weight=500,
        ink="ink",
        fill="matrix",
        edge=f"{mechanism}.edge",
        about=about,
    )


def with_shape(content: Content, shape: str) -> tuple[Span, ...]:
    """A name with the shape, or what else is noted, behind it in smaller type."""
    if not shape:
        return spans(content)
    gap = 5.0 if content else 0.0
    return (*spans(content), Span(shape, 400, SHAPE_SIZE, gap=gap))


def pill_width(content: Content, note: str = "", size: float = 11.5) -> float:
    """Px that a pill takes with its text and room at both sides."""
    return width(with_shape(content, note), size, 500) + 22


def pill(
    x: float,
    y: float,
    content: Content,
    mechanism: Mechanism = "norm",
    *,
    note: str = "",
    wide: float | None = None,
    high: float = 22,
    size: float = 11.5,
    dashed: bool = False,
    about: About | None = None,
) -> Node:
    """What has no or few parameters: a norm, a position, an activation."""
    return _block(
        x,
        y,
        with_shape(content, note),
        wide=pill_width(content, note, size) if wide is None else wide,
        high=high,
        size=size,
        weight=500,
        ink=f"{mechanism}.text",
        fill=f"{mechanism}.tint",
        edge=f"{mechanism}.edge",
        radius=high / 2,
        dashed=dashed,
        about=about,
    )


def trapezoid(
    x: float,
    y: float,
    content: Content,
    mechanism: Mechanism,
    *,
    narrowing: bool,
    wide: float = 136,
    high: float = 22,
    size: float = 12,
    about: About | None = None,
) -> Node:
    """A projection whose point is the change of width: `narrowing` is shorter above."""
    return _block(
        x,
        y,
        content,
        wide=wide,
        high=high,
        size=size,
        weight=500,
        ink="ink",
        fill="matrix",
        edge=f"{mechanism}.edge",
        form="narrowing" if narrowing else "widening",
        about=about,
    )


def operation(
    x: float,
    y: float,
    sign: str,
    *,
    radius: float = 7.5,
    ground: str = "paper",
    role: str = "flow",
    thickness: float = 1.25,
) -> Node:
    """A circle that joins streams: sign "+" adds, "−" subtracts, "×" multiplies; 8.5 and 1.75 on the residual stream."""
    box = Box(
        x=x - radius,
        y=y - radius,
        width=2 * radius,
        height=2 * radius,
        form="circle",
        fill=ground,
        edge=role,
        line=thickness,
    )
    r = radius * 0.38 if sign == "×" else radius / 2
    arms = {
        "−": f"m{-r:g} 0h{2 * r:g}",
        "+": f"m{-r:g} 0h{2 * r:g}m{-r:g} {-r:g}v{2 * r:g}",
        "×": f"m{-r:g} {-r:g}l{2 * r:g} {2 * r:g}m0 {-2 * r:g}l{-2 * r:g} {2 * r:g}",
    }
    sign_mark = Mark(x=x, y=y, width=0, height=0, path=arms[sign], stroke=role, thickness=thickness)
    return Node(box, (box, sign_mark))


def dot(x: float, y: float, role: str = "flow", radius: float = 3.0) -> Mark:
    """Where a line branches, or where a connector ends: a line of no length with round ends."""
    return Mark(
        x=x,
        y=y,
        width=0,
        height=0,
        path="h0",
        stroke=role,
        thickness=2 * radius,
        round=True,
    )


def letter(x: float, y: float, name: str, role: str) -> tuple[Box, Text]:
    """A letter in a ring: the same one stands where this leads."""
    ring = Box(
        x=x - 7.5,
        y=y - 7.5,
        width=15,
        height=15,
        form="circle",
        fill="paper",
        edge=role,
        line=1.25,
    )
    return ring, label(x, y + 3.6, name, size=10, weight=600, role="ink", anchor="middle")


def drum(x: float, y: float, ground: str = "matrix", role: str = "ink") -> Mark:
    """The sign of memory, 10 by 10 from its upper left corner: what outlives a token."""
    path = "m0 2a5 2 0 0 1 10 0v6a5 2 0 0 1 -10 0zm0 0a5 2 0 0 0 10 0m-10 3a5 2 0 0 0 10 0"
    return Mark(x=x, y=y, width=10, height=10, path=path, fill=ground, stroke=role)


def squares(
    x: float, y: float, columns: int, rows: int, role: str, *, side: float = 5, gap: float = 1
) -> tuple[Mark, ...]:
    """A grid of squares from its upper left corner, one a head or an expert; a row is one dashed line."""
    pitch = side + gap
    wide = columns * pitch - gap
    path = f"m0 {side / 2:g}" + f"h{wide:g}m{-wide:g} {pitch:g}" * (rows - 1) + f"h{wide:g}"
    return (
        Mark(
            x=x,
            y=y,
            width=wide,
            height=rows * pitch - gap,
            path=path,
            stroke=role,
            thickness=side,
            dash=f"{side:g} {gap:g}",
        ),
    )


def square(x: float, y: float, role: str, side: float = 9, radius: float = 2) -> Box:
    """One square: the swatch before a title, a lit expert."""
    return Box(x=x, y=y, width=side, height=side, radius=radius, fill=role, open=True)
