"""Shapes as SVG: elements by look and path, in the order in which they are painted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from operator import attrgetter

from llm_gallery.figure.kit.outlines import Outlines
from llm_gallery.figure.kit.painting import layers
from llm_gallery.figure.kit.path_data import Moved, courses, joined, tips
from llm_gallery.figure.kit.shapes import About, Box, Line, Mark, Picture, Shape, Text, copied
from llm_gallery.figure.kit.style import Styles
from llm_gallery.figure.kit.subset import Run
from llm_gallery.figure.kit.svg import (
    Attribute,
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
GROUPED = 12
"""Shapes from which a part has coordinates of its own: they are shorter than those in the whole."""
_GAP = attrgetter("gap")


class Elements:
    """What a picture is written as: its own shapes, each picture inside, and the outlines of its type."""

    def __init__(self, picture: Picture) -> None:
        self.styles = Styles()
        self._outlines = Outlines()
        self._own = _painted(picture.shapes, 0, 0, self.styles, self._outlines)
        self._inside = [
            _part(part, at.x, at.y, self.styles, self._outlines) for at, part in picture.inside
        ]

    @cached_property
    def type(self) -> Parts:
        """The outlines; their rules are among the styles from then on."""
        return self._outlines.svg(self.styles)

    @property
    def runs(self) -> Iterable[Run]:
        """What its texts are set in."""
        return self._outlines.runs

    def body(self, skip: int = 0) -> Iterator[str]:
        """All but the outlines, without so many of the pictures inside."""
        return chain(self._own, *self._inside[skip:])


def _painted(
    shapes: Iterable[Shape], dx: float, dy: float, styles: Styles, outlines: Outlines
) -> Parts:
    """The layers in order, then the tips of the lines."""
    parts: Parts = []
    arrows: dict[Look, list[Moved]] = {}
    for look, painted, printed in layers(shapes, styles, dx, dy):
        if look is None:
            parts += _alone(painted[0], dx, dy, styles, outlines)
        elif printed:
            parts.append(Printed(f' d="{joined(_pieces(painted, dx, dy))}"', look))
        elif isinstance(painted[0], Line):
            lines = [(shape, dx, dy) for shape in painted if isinstance(shape, Line)]
            parts += tag("path", f' d="{courses(lines)}"', look=look)
            for line in lines:
                if line[0].arrow:
                    arrows.setdefault(styles.fill(line[0].role), []).append(line)
        else:
            parts += tag("path", f' d="{joined(_pieces(painted, dx, dy))}"', look=look)
    for look, tipped in arrows.items():
        parts += tag("path", f' d="{tips(tipped)}"', look=look)
    return parts


def _part(part: Picture, x: float, y: float, styles: Styles, outlines: Outlines) -> Parts:
    """A picture inside, with coordinates of its own where that is shorter."""
    if len(part.shapes) < GROUPED:
        return _whole(part, x, y, styles, outlines)
    move: dict[str, Attribute] = {"transform": f"translate({place(x)} {place(y)})"}
    return element("g", move, *_whole(part, 0, 0, styles, outlines.moved(x, y)))


def _whole(part: Picture, x: float, y: float, styles: Styles, outlines: Outlines) -> Parts:
    """A picture and those inside it."""
    parts = _painted(part.shapes, x, y, styles, outlines)
    for at, inner in part.inside:
        parts += _part(inner, at.x + x, at.y + y, styles, outlines)
    return parts


def _pieces(shapes: Iterable[Shape], dx: float, dy: float) -> Iterator[Piece]:
    for shape in shapes:
        if isinstance(shape, Box):
            wide, high = place(shape.width), place(shape.height)
            yield shape.x + dx, shape.y + dy, f"h{wide}v{high}h-{wide}z"
        elif isinstance(shape, Mark):
            yield _drawn(shape, dx, dy)


def _drawn(mark: Mark, dx: float, dy: float) -> Piece:
    return mark.x + dx, mark.y + dy, mark.path.replace(" -", "-")


def _alone(shape: Shape, dx: float, dy: float, styles: Styles, outlines: Outlines) -> Parts:
    """A shape that is an element of its own."""
    if isinstance(shape, Text):
        return _text(shape, dx, dy, styles, outlines)
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
