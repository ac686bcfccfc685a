"""Shapes of a placed figure: boxes, texts, lines and marks with their real extent.

Nobody changes a shape; they aren't frozen, for a figure makes hundreds and each would take four times as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal, NamedTuple, TypeVar

from llm_gallery.figure.kit.text import Span, Weight, width_of_spans
from llm_gallery.mechanisms.colour import Tone


class Point(NamedTuple):
    """A place in px, y downward."""

    x: float
    y: float


class Bounds(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class About:
    """What a shape answers for itself: a block's path in the checkpoint, and what it is in words.

    `data` are further attributes: ("child", "kimi-k2") is written as data-child. `link` is where a box leads.
    """

    path: str
    title: str
    data: tuple[tuple[str, str], ...] = ()
    link: str = ""


Anchor = Literal["start", "middle", "end"]
Form = Literal["rect", "narrowing", "widening", "circle"]


@dataclass(slots=True)
class Box:
    """An area with an edge. A line may end at it but never run through it, unless it is `open`.

    `narrowing` is a trapezoid that is shorter above, `widening` one that is shorter below. `ground` says
    that it is open to lines but not to text: a frame or an inset, over whose edge none runs. `labelled`
    says that text stands on it: print hatches a swatch then, not the ground.
    """

    x: float
    y: float
    width: float
    height: float
    _: KW_ONLY
    form: Form = "rect"
    radius: float = 6.0
    fill: str | None = None
    edge: str | None = None
    line: float = 1.0
    dashed: bool = False
    labelled: bool = False
    open: bool = False
    ground: bool = False
    about: About | None = None

    @property
    def bounds(self) -> Bounds:
        """The extent."""
        return Bounds(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(slots=True, kw_only=True)
class Text:
    """One line of text on a baseline; `inside` is the area that it must stay in."""

    x: float
    y: float
    spans: tuple[Span, ...]
    size: float = 12.0
    weight: Weight = 400
    role: str = "muted"
    anchor: Anchor = "start"
    tracking: float = 0.0
    tabular: bool = False
    inside: Bounds | None = None
    about: About | None = None

    @property
    def width(self) -> float:
        """Px from the first to the last character."""
        return width_of_spans(
            self.spans, self.size, self.weight, tabular=self.tabular, tracking=self.tracking
        )

    @property
    def bounds(self) -> Bounds:
        """The extent, from the height of a capital to the depth of a g."""
        wide = self.width
        left = self.left(wide)
        return Bounds(left, self.y - 0.73 * self.size, left + wide, self.y + 0.2 * self.size)

    def left(self, wide: float) -> float:
        """Where it begins, being so wide."""
        if self.anchor == "start":
            return self.x
        return self.x - (wide / 2 if self.anchor == "middle" else wide)


@dataclass(slots=True, kw_only=True)
class Line:
    """A polyline with rounded corners; `kind` says what it means, and what the gates ask of it.

    One that answers for itself is an element of its own; the others of one look are one path.
    """

    points: tuple[Point, ...]
    kind: Literal["flow", "stream", "leader", "rule"] = "flow"
    role: str = "flow"
    thickness: float = 1.25
    arrow: bool = False
    dashed: bool = False
    about: About | None = None


class Row(NamedTuple):
    """Cells beside one another: px from the first to the first that a mark fills, to the next one, and of all."""

    before: float = 0.0
    pitch: float = 0.0
    width: float = 0.0


@dataclass(slots=True)
class Mark:
    """A small picture: `path` is SVG path data in relative commands, from (x, y).

    `width` and `height` are what of it must be inside the canvas. Of cells in a `row` each begins its
    hatching anew in print.
    """

    x: float
    y: float
    path: str
    _: KW_ONLY
    width: float = 0.0
    height: float = 0.0
    fill: str | None = None
    stroke: str | None = None
    thickness: float = 1.0
    dash: str | None = None
    round: bool = False  # whether a stroke has round ends
    row: Row | None = None
    about: About | None = None

    @property
    def bounds(self) -> Bounds:
        """The extent."""
        return Bounds(self.x, self.y, self.x + self.width, self.y + self.height)


Shape = Box | Text | Line | Mark
AnyShape = TypeVar("AnyShape", bound=Shape)


class Group(NamedTuple):
    """What belongs together, so that it is moved and styled as one: `kinds` are its classes, "block attention".

    `name` is its own in the group around it, and `label` says it in words. Of some shapes of a picture, from which
    to before which.
    """

    kinds: str
    name: str
    label: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Shapes from (0, 0) to (width, height), and pictures placed over them.

    `groups` are of its shapes, each inside another or apart from it; as a `whole` it may be one, too.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    inside: tuple[tuple[Point, Picture], ...] = ()
    groups: tuple[Group, ...] = ()
    whole: Group | None = None

    def called(self, kinds: str, name: str, label: str) -> Picture:
        """The same as a group."""
        return replace(self, whole=Group(kinds, name, label))


class Held(NamedTuple):
    """A group with what it holds."""

    group: Group
    shapes: list[Shape | Held]


def nested(shapes: Sequence[Shape], groups: Sequence[Group]) -> list[Shape | Held]:
    """The shapes in their order, those of a group in it."""
    inner_last = groups[::-1]  # of two that hold the same shapes the inner was closed first
    left = deque(sorted(inner_last, key=lambda group: (group.start, -group.end)))

    def within(at: int, end: int) -> list[Shape | Held]:
        found: list[Shape | Held] = []
        while left and left[0].start < end:
            group = left.popleft()
            found += shapes[at : group.start]
            found.append(Held(group, within(group.start, group.end)))
            at = group.end
        found += shapes[at:end]
        return found

    return within(0, len(shapes))


def moved(shapes: tuple[Shape, ...], dx: float, dy: float) -> tuple[Shape, ...]:
    """The shapes at another place."""
    return tuple(_moved(shape, dx, dy) for shape in shapes) if dx or dy else shapes


def flat(picture: Picture, dx: float = 0, dy: float = 0) -> tuple[Shape, ...]:
    """Every shape of a picture and of the pictures in it, where it stands in the whole."""
    found = list(moved(picture.shapes, dx, dy))
    for at, part in picture.inside:
        found += flat(part, at.x + dx, at.y + dy)
    return tuple(found)


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    made = copied(shape)
    if isinstance(made, Line):
        made.points = tuple([Point(x + dx, y + dy) for x, y in made.points])
        return made
    if isinstance(made, Text) and made.inside is not None:
        left, top, right, bottom = made.inside
        made.inside = Bounds(left + dx, top + dy, right + dx, bottom + dy)
    made.x += dx
    made.y += dy
    return made


def copied(shape: AnyShape) -> AnyShape:
    """A shape of its own; a third of what `dataclasses.replace` takes, and most shapes are moved once."""
    made = object.__new__(type(shape))
    for name in shape.__slots__:
        setattr(made, name, getattr(shape, name))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A mechanism's drawing with what is said above it."""

    title: str
    note: str
    mechanism: Tone
    body: Picture
    beside: str = ""  # the title, where there is room: the field's name
    new: bool = False
