"""The drawing's vocabulary: blocks, signs and wires by their centre, and the sheet that they are put on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypedDict, Unpack

from llm_gallery.figure.kit.shapes import (
    About,
    Anchor,
    Bounds,
    Box,
    Form,
    Group,
    Line,
    Picture,
    Point,
    Shape,
    Text,
    moved,
)
from llm_gallery.figure.kit.text import Content, Span, Weight, cut, fitting, spans, width
from llm_gallery.mechanisms.colour import Colour, Tone

HERO, MATRIX, NORM, PILL = 46.0, 26.0, 24.0, 22.0
"""Px of the height of a full block, of a weight matrix, of a norm beside them and of a pill."""
BESIDE = 22.0
"""Px that a block is wider than its text at least."""
COUNTED = 14.0
"""Px by which a matrix is higher that says its parameters too."""
SHAPE_SIZES = (12.0, 11.5, 11.0)
"""Px of the type that a weight matrix's shape and parameters are set in: the largest that has room."""


@dataclass(slots=True)
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
    inside: list[tuple[Point, Picture]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def add(self, node: Node) -> Node:
        """Puts a block on the sheet and gives it back, for its anchors."""
        self.shapes += node.shapes
        return node

    def put(self, *shapes: Shape) -> None:
        """Puts bare shapes on the sheet."""
        self.shapes += shapes

    @contextmanager
    def group(self, kinds: str, name: str, label: str) -> Iterator[None]:
        """What is put on the sheet meanwhile belongs together; groups may hold others."""
        start = len(self.shapes)
        yield
        if len(self.shapes) > start:
            self.groups.append(Group(kinds, name, label, start, len(self.shapes)))

    def wire(self, *points: Point, arrow: bool = True, role: str = "flow") -> None:
        """A line along the points, each straight above, below or beside the last; the tip at the end."""
        self.shapes.append(Line(points=points, arrow=arrow, role=role))

    def label(self, x: float, y: float, content: Content, **style: Unpack[Type]) -> Text:
        """Text with its baseline at y."""
        text = Text(x=x, y=y, spans=spans(content), **style)
        self.shapes.append(text)
        return text

    def lines(
        self, x: float, y: float, texts: Iterable[str], leading: float, **style: Unpack[Type]
    ) -> float:
        """Lines under one another, the first with its baseline at y; gives that of the next one back."""
        for text in texts:
            self.label(x, y, text, **style)
            y += leading
        return y

    def fitted(
        self,
        x: float,
        y: float,
        text: str,
        room: float,
        sizes: Sequence[float],
        **style: Unpack[Type],
    ) -> Text:
        """Text at the largest of the sizes at which it has room, cut where it has at none."""
        weight = style.get("weight", 400)
        style["size"] = size = fitting(text, room, sizes, weight)
        return self.label(x, y, cut(text, room, size, weight), **style)

    def rule(self, *points: Point, role: str = "hairline") -> None:
        """A thin line along the points, its corners sharp."""
        for start, end in pairwise(points):
            if start != end:
                ends = start, end
                self.shapes.append(Line(points=ends, kind="rule", role=role, thickness=1))

    def place(self, part: Sheet, x: float, y: float) -> None:
        """Puts what another sheet holds on this one, its origin at (x, y)."""
        start = len(self.shapes)
        self.shapes += moved(tuple(part.shapes), x, y)
        self.groups += grouped(part.groups, start)

    def hold(self, x: float, y: float, part: Picture) -> None:
        """Puts a picture over all shapes, its upper left corner at (x, y)."""
        self.inside.append((Point(x, y), part))

    def picture(self, width: float, height: float) -> Picture:
        """All that was put on the sheet."""
        shapes, inside, groups = tuple(self.shapes), tuple(self.inside), tuple(self.groups)
        return Picture(width=width, height=height, shapes=shapes, inside=inside, groups=groups)


def grouped(groups: Iterable[Group], start: int) -> Iterator[Group]:
    """Groups of shapes that stand behind so many others."""
    return (each._replace(start=each.start + start, end=each.end + start) for each in groups)


class Type(TypedDict, total=False):
    """How a text is set: its size in px, its colour's role, where x is of it, the area that it must stay in."""

    size: float
    weight: Weight
    role: str
    anchor: Anchor
    tabular: bool
    tracking: float
    inside: Bounds
    about: About | None


def label(x: float, y: float, content: Content, **style: Unpack[Type]) -> Text:
    """Text with its baseline at y; 12 px and muted, where nothing else is said."""
    return Text(x=x, y=y, spans=spans(content), **style)


class Settings(TypedDict, total=False):
    """What a block is given: px across, None for what its text takes, and of height, its type, what it answers."""

    wide: float | None
    high: float
    size: float
    weight: Weight
    about: About | None


_HERO: Settings = {"wide": 168.0, "high": HERO, "size": 14.0, "weight": 600}
_MATRIX: Settings = {"high": MATRIX, "size": 12.0, "weight": 500}
_PILL: Settings = {"high": PILL, "size": 12.0, "weight": 500}
_TRAPEZOID: Settings = {"wide": 136.0, "high": PILL, "size": 12.0, "weight": 500}


def _block(
    centre: Point,
    content: Content,
    colours: tuple[str, str, str | None],
    settings: Settings,
    *,
    form: Form = "rect",
    radius: float = 6.0,
    dashed: bool = False,
    below: Sequence[tuple[str, Words]] = (),
) -> Node:
    """A box with its text in the middle, or over what stands `below` it, in the colours of text, ground and edge."""
    (x, y), (ink, fill, edge) = centre, colours
    size, high, wide = settings["size"], settings["high"], settings.get("wide")
    if wide is None:
        wide = block_width(content, size=size)
    box = Box(
        x - wide / 2,
        y - high / 2,
        wide,
        high,
        form=form,
        radius=radius,
        fill=fill,
        edge=edge,
        dashed=dashed,
        labelled=True,
        about=settings.get("about"),
    )
    up = COUNTED / 2 if below else 0.0
    first = centred(box, ink, Words(0.36 * size - up, content, size, settings["weight"]))
    more = (text for role, line in below for text in centred(box, role, line))
    return Node(box, (box, *first, *more))


class Words(NamedTuple):
    """A line on a block: px of its baseline under the middle, what it says, its type."""

    under: float
    content: Content
    size: float
    weight: Weight = 400


def centred(box: Box, role: str, *lines: Words) -> Iterator[Text]:
    """Lines on a block, each in the middle of its width."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    for under, content, size, weight in lines:
        yield label(
            x,
            y + under,
            content,
            size=size,
            weight=weight,
            role=role,
            anchor="middle",
            inside=box.bounds,
        )


def hero(
    x: float, y: float, content: Content, mechanism: Tone, **settings: Unpack[Settings]
) -> Node:
    """A full block: what a layer or an inset is about."""
    colours = f"{mechanism}.on", f"{mechanism}.solid", None
    return _block(Point(x, y), content, colours, {**_HERO, **settings})


def hero_words(name: str, below: str, wide: float, small: float) -> tuple[Words, ...]:
    """What a full block so wide says: its name, as large as fits, and a smaller line under it if there is one."""
    size, room = fitting(name, wide - 16, (14.0, 13.0, 12.5, 12.0), 600), wide - 10
    first = Words(-1.5 if below else 0.36 * size, cut(name, room, size, 600), size, 600)
    return (first, Words(13.5, cut(below, room, small), small)) if below else (first,)


def block_width(
    content: Content, note: str = "", size: float = 12, small: float = SHAPE_SIZES[0]
) -> float:
    """Px that a weight matrix or a pill takes with its text, what is noted in `small`, and room at both sides."""
    return width(with_shape(content, note, small), size, 500) + BESIDE


def matrix(
    x: float,
    y: float,
    content: Content,
    shape: str,
    mechanism: Colour,
    *,
    count: str = "",
    **settings: Unpack[Settings],
) -> Node:
    """A weight matrix: its name and its shape, "→ 4,096" or "512 → 2,048", and under them its parameters, if said."""
    colours = "ink", "matrix", f"{mechanism}.edge"
    words = _shaped(content, shape, settings)
    given: Settings = {**_MATRIX, **settings}
    if count and given.get("wide") is None:
        given["wide"] = max(block_width(words), width(count, SHAPE_SIZES[0], 600) + 14)
    return _block(Point(x, y), words, colours, given, below=_parameters(count, mechanism, settings))


def _parameters(count: str, mechanism: Colour, settings: Settings) -> tuple[tuple[str, Words], ...]:
    """The line under a matrix's shape, as large as it has room."""
    if not count:
        return ()
    wide = settings.get("wide")
    sizes = *SHAPE_SIZES, 10.5
    size = sizes[0] if wide is None else fitting(count, wide - 8, sizes, 600)
    line = Words(0.36 * size + COUNTED / 2, count, size, 600)
    return ((f"{mechanism}.text", line),)


def _shaped(content: Content, note: str, settings: Settings) -> tuple[Span, ...]:
    """A name with what is noted, as large as a block of given breadth has room for."""
    wide, size = settings.get("wide"), settings.get("size", 12.0)
    form = with_shape(content, note)
    for small in SHAPE_SIZES[1:]:
        if wide is None or width(form, size, 500) <= wide - 9:
            break
        form = with_shape(content, note, small)
    return form


@lru_cache(maxsize=1 << 12)
def with_shape(content: Content, shape: str, small: float = SHAPE_SIZES[0]) -> tuple[Span, ...]:
    """A name with the shape, or what else is noted, behind it in lighter type."""
    if not shape:
        return spans(content)
    gap = 5.0 if content else 0.0
    return (*spans(content), Span(shape, 400, small, gap=gap))


def pill(
    x: float,
    y: float,
    content: Content,
    mechanism: Colour = "norm",
    *,
    note: str = "",
    dashed: bool = False,
    **settings: Unpack[Settings],
) -> Node:
    """What has no or few parameters: a norm, a position, an activation."""
    colours = f"{mechanism}.text", f"{mechanism}.tint", f"{mechanism}.edge"
    radius = settings.get("high", PILL) / 2
    text = _shaped(content, note, settings)
    return _block(Point(x, y), text, colours, {**_PILL, **settings}, radius=radius, dashed=dashed)


def trapezoid(
    x: float,
    y: float,
    content: Content,
    mechanism: Colour,
    *,
    narrowing: bool,
    count: str = "",
    **settings: Unpack[Settings],
) -> Node:
    """A projection whose point is the change of width: `narrowing` is shorter above."""
    colours = "ink", "matrix", f"{mechanism}.edge"
    form: Form = "narrowing" if narrowing else "widening"
    below = _parameters(count, mechanism, settings)
    return _block(Point(x, y), content, colours, {**_TRAPEZOID, **settings}, form=form, below=below)
