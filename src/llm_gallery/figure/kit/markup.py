"""Shapes as SVG: elements by look and path, in the order in which they are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, count
from operator import attrgetter
from typing import NamedTuple

from llm_gallery.figure.kit.outlines import Outlines
from llm_gallery.figure.kit.painting import layers
from llm_gallery.figure.kit.path_data import Moved, courses, joined, terse, tips
from llm_gallery.figure.kit.shapes import (
    About,
    Box,
    Group,
    Held,
    Line,
    Mark,
    Picture,
    Shape,
    Text,
    copied,
    nested,
)
from llm_gallery.figure.kit.style import Styles, digest
from llm_gallery.figure.kit.subset import Run
from llm_gallery.figure.kit.svg import (
    Attribute,
    GroupTag,
    Hidden,
    Look,
    Parts,
    Printed,
    element,
    number,
    place,
    tag,
    text,
    written,
)

Piece = tuple[float, float, str]
"""Where path data starts, and the data."""
KINDS = {"flow": "wire", "stream": "stream", "leader": "leader", "rule": "rule"}
"""The classes of lines; their tips have one of their own."""
GROUPED = 12
"""Shapes from which a part has coordinates of its own: they are shorter than those in the whole."""
_GAP = attrgetter("gap")


class Elements:
    """What a picture is written as: its own shapes, each picture inside, and the outlines of its type."""

    def __init__(self, picture: Picture, name: str = "") -> None:
        self.styles = Styles(named(name))
        self._outlines = Outlines(named(short(name)))
        self._ids = set[str]()
        pen = Pen(self.styles, self._outlines, self._ids, named(name))
        self._own = _painted(nested(picture.shapes, picture.groups), 0, 0, pen)
        self._inside = [_part(part, at.x, at.y, pen) for at, part in picture.inside]

    @cached_property
    def outlined(self) -> Parts:
        """All with the outlines of its type, whose rules are among the styles from then on."""
        body: Parts = []
        for part in self.body():
            body += part.outlines.svg(self.styles) if isinstance(part, TypeOfGroup) else (part,)
        return [*body, *self._outlines.svg(self.styles), self._outlines.glyphs()]

    @property
    def grouped(self) -> bool:
        """Whether anything in it belongs together by a name."""
        return bool(self._ids)

    @property
    def runs(self) -> Iterable[Run]:
        """What its texts are set in."""
        return self._outlines.runs

    def body(self, skip: int = 0) -> Iterator[str]:
        """All but the outlines, without so many of the pictures inside."""
        return chain(self._own, *self._inside[skip:])


class TypeOfGroup(str):
    """Where the outlines of a group's texts stand, in a figure that has them."""

    __slots__ = ("outlines",)
    outlines: Outlines

    def __new__(cls, outlines: Outlines) -> TypeOfGroup:
        """Nothing, as long as nobody asks for them."""
        made = super().__new__(cls, "")
        made.outlines = outlines
        return made


class Pen(NamedTuple):
    """What shapes are written with."""

    styles: Styles
    outlines: Outlines
    ids: set[str]  # of all groups so far
    before: str  # what the next ones begin with

    def moved(self, dx: float, dy: float) -> Pen:
        """For coordinates that count from (dx, dy)."""
        return self._replace(outlines=self.outlines.moved(dx, dy))

    def within(self, name: str) -> tuple[str, Pen]:
        """The id of a group, and a pen for what is in it; a name that comes again has its number behind it."""
        own = own_id(f"{self.before}{name}", self.ids)
        return own, self._replace(outlines=self.outlines.within(), before=f"{own}-")


def own_id(name: str, ids: set[str]) -> str:
    """The name, with a number behind it where an id is called so already."""
    numbered = (f"{name}-{number}" for number in count(2))
    own = next(each for each in chain((name,), numbered) if each not in ids)
    ids.add(own)
    return own


def short(name: str) -> str:
    """What stands for the name of a figure in the ids of its glyphs, thousands of which are asked for."""
    return digest(name, "light") if name else ""


def named(name: str) -> str:
    """What the ids of a figure begin with."""
    return f"{name}-" if name else ""


def _painted(shapes: Iterable[Shape | Held], dx: float, dy: float, pen: Pen) -> Parts:
    """The layers in order, then the tips of the lines."""
    styles, parts = pen.styles, Parts()
    arrows: dict[Look, list[Moved]] = {}
    for look, painted, printed in layers(shapes, styles, dx, dy):
        if look is None:
            parts += _alone(painted[0], dx, dy, pen)
        elif printed:
            parts.append(Printed(f' d="{joined(_pieces(painted, dx, dy))}"', look))
        elif isinstance(painted[0], Line):
            lines = [(shape, dx, dy) for shape in painted if isinstance(shape, Line)]
            parts += _called(KINDS[lines[0][0].kind], look, f' d="{courses(lines)}"/>')
            for line in lines:
                if line[0].arrow:
                    arrows.setdefault(styles.fill(line[0].role), []).append(line)
        else:
            parts += tag("path", f' d="{joined(_pieces(painted, dx, dy))}"', look=look)
    for look, tipped in arrows.items():
        parts += _called("tip", look, f' d="{tips(tipped)}"/>')
    return parts


def _called(kind: str, look: Look, rest: str) -> Parts:
    """A path of lines, with a class that says what they are."""
    return ['<path class="', look, GroupTag(f" {kind}"), f'"{rest}']


def _part(part: Picture, x: float, y: float, pen: Pen) -> Parts:
    """A picture inside, with coordinates of its own where that is shorter."""
    if part.whole is not None:
        return _group(part.whole, pen, lambda pen: _part(replace(part, whole=None), x, y, pen))
    if len(part.shapes) < GROUPED:
        return _whole(part, x, y, pen)
    move: dict[str, Attribute] = {"transform": f"translate({place(x)} {place(y)})"}
    return element("g", move, *_whole(part, 0, 0, pen.moved(x, y)))


def _whole(part: Picture, x: float, y: float, pen: Pen) -> Parts:
    """A picture and those inside it."""
    parts = _painted(nested(part.shapes, part.groups), x, y, pen)
    for at, inner in part.inside:
        parts += _part(inner, at.x + x, at.y + y, pen)
    return parts


def _group(group: Group, pen: Pen, content: Callable[[Pen], Parts]) -> Parts:
    """What belongs together as one element, its type with it; editors call it as its label does."""
    own, inner = pen.within(group.name)
    said = {"class": group.kinds, "id": own, "inkscape:label": group.label}
    start = GroupTag(f"<g{written(said)}>")
    return [start, *content(inner), TypeOfGroup(inner.outlines), GroupTag("</g>")]


def _pieces(shapes: Iterable[Shape | Held], dx: float, dy: float) -> Iterator[Piece]:
    for shape in shapes:
        if isinstance(shape, Box):
            wide, high = place(shape.width), place(shape.height)
            yield shape.x + dx, shape.y + dy, f"h{wide}v{high}h-{wide}z"
        elif isinstance(shape, Mark):
            yield _drawn(shape, dx, dy)


def _drawn(mark: Mark, dx: float, dy: float) -> Piece:
    return mark.x + dx, mark.y + dy, terse(mark.path)


def _alone(shape: Shape | Held, dx: float, dy: float, pen: Pen) -> Parts:
    """A shape or a group that is an element of its own."""
    styles = pen.styles
    if isinstance(shape, Held):
        return _group(shape.group, pen, lambda pen: _painted(shape.shapes, dx, dy, pen))
    if isinstance(shape, Text):
        return _text(shape, dx, dy, styles, pen.outlines)
    if isinstance(shape, Box):
        return _box(shape, dx, dy, styles)
    if isinstance(shape, Line):
        look, drawn = styles.line(shape), courses([(shape, dx, dy)])
    else:
        look, drawn = styles.mark(shape, dx, dy), joined([_drawn(shape, dx, dy)])
    said = f' d="{drawn}"{_data(shape.about)}'
    return tag("path", said, *_title(shape.about), look=look)


def _data(about: About | None) -> str:
    if about is None:
        return ""
    data = {f"data-{key}": value for key, value in about.data}
    return written(data | {"data-path": about.path} if about.path else data)


def _title(about: About | None) -> Parts:
    return tag("title", "", text(about.title)) if about is not None and about.title else []


def _box(box: Box, dx: float, dy: float, styles: Styles) -> Parts:
    x, y = box.x + dx, box.y + dy
    look, data = styles.box(box, dx, dy), _data(box.about)
    if box.form == "circle":
        r = box.width / 2
        name, said = "circle", f' cx="{place(x + r)}" cy="{place(y + r)}"{data} r="{number(r)}"'
    elif box.form == "rect":
        corner = f' rx="{number(box.radius)}"' if box.radius else ""
        size = f'height="{place(box.height)}"{corner} width="{place(box.width)}"'
        name, said = "rect", f'{data} {size} x="{place(x)}" y="{place(y)}"'
    else:
        outline = _outline(box, x, y).replace(" -", "-")
        name, said = "path", f' d="{outline}"{data}'
    made = tag(name, said, *_title(box.about), look=look)
    if box.about is None or not box.about.link:
        return made
    return element("a", {"href": box.about.link, "tabindex": "-1"}, *made)


def _outline(box: Box, x: float, y: float) -> str:
    """Of a trapezoid."""
    wide, high = place(box.width), place(box.height)
    slope = min(22.0, box.width / 5)
    short, left = place(box.width - 2 * slope), place(slope)
    if box.form == "narrowing":
        return f"M{place(x + slope)} {place(y)}h{short}l{left} {high}h-{wide}z"
    return f"M{place(x)} {place(y)}h{wide}l-{left} {high}h-{short}z"


def _text(shape: Text, dx: float, dy: float, styles: Styles, outlines: Outlines) -> Parts:
    wide = shape.width
    left = shape.left(wide)
    if shape.anchor != "start" and any(map(_GAP, shape.spans)):
        # typst doesn't count gaps where it centres a text.
        shape = copied(shape)
        shape.x, shape.anchor = left, "start"
    content: Parts = []
    raised = 0.0
    for span in shape.spans:
        look = styles.span(span)
        if look is None and not span.gap and span.shift == raised:
            content.append(text(span.text))
        else:
            moves = {"dx": span.gap or None, "dy": raised - span.shift or None}
            content += element("tspan", moves, text(span.text), look=look)
        raised = span.shift
    opened: Parts = ['<text class="', styles.text(shape), f'"{_data(shape.about)}']
    if outlines.add(shape, left, dx, dy):
        # Under its outlines whatever font it is set in, so that it is found and selected where it is seen.
        opened.append(Hidden(f' fill-opacity="0" textLength="{place(wide)}"'))
    opened.append(f' x="{place(shape.x + dx)}" y="{place(shape.y + dy)}">')
    return [*opened, *_title(shape.about), *content, "</text>"]
