"""A placed picture as SVG text: the third pass, which knows looks and syntax and decides no place."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from operator import attrgetter
from typing import Literal

from llm_gallery.figure.kit.outlines import Outlines
from llm_gallery.figure.kit.painting import layers
from llm_gallery.figure.kit.path_data import Moved, courses, joined, tips
from llm_gallery.figure.kit.shapes import About, Box, Line, Mark, Picture, Shape, Text
from llm_gallery.figure.kit.style import Styles, in_theme
from llm_gallery.figure.kit.svg import (
    Attribute,
    Hidden,
    Look,
    Parts,
    element,
    number,
    place,
    tag,
    text,
    written,
)
from llm_gallery.figure.kit.theme import THEMES, ThemeName

Looks = dict[str, tuple[str, str]]
"""The rules of each class: light and dark."""
COLOURED: tuple[ThemeName, ThemeName] = ("light", "dark")
Window = tuple[str, str, str]
"""What is seen of a picture, as it is written: from which height on, how wide, how high."""
Piece = tuple[float, float, str]
"""Where path data starts, and the data."""
GROUPED = 12
"""Shapes from which a part has coordinates of its own: they are shorter than those in the whole."""
_GAP = attrgetter("gap")
FACES = (
    ("Regular", 400, "normal"),
    ("Medium", 500, "normal"),
    ("SemiBold", 600, "normal"),
    ("Italic", 400, "italic"),
)


@dataclass(frozen=True)
class Drawing:
    """A placed picture with its words, as elements and rules; either becomes text when it is asked for."""

    picture: Picture = field(repr=False)
    title: str = ""
    description: str = ""
    role: Literal["img", "group"] = "img"  # a group's links are found by screen readers

    def alone(self, theme: ThemeName = "light", *, outlined: bool = True) -> str:
        """The file; with `outlined` it carries outlines of its type and looks the same everywhere."""
        window = "0", number(self.picture.width), number(self.picture.height)
        return self._file(theme, window, outlined=outlined)

    def part(self, theme: ThemeName, top: float, wide: float, high: float) -> str:
        """The file from a height on, so wide and so high, without outlines."""
        window = f"{top:.6f}", f"{wide:.6f}", f"{high:.6f}"
        return self._file(theme, window, outlined=False)

    def _file(self, theme: ThemeName, window: Window, *, outlined: bool) -> str:
        drawn = self._printed if theme == "print" else self._coloured
        glyphs = drawn.type if outlined else ()
        rules = drawn.styles.rules(theme, glyphs=outlined)
        sheet = "".join(f".{name}{{{rule}}}" for name, rule in rules.items())
        patterns = drawn.styles.patterns()
        size: dict[str, Attribute] = {"height": self.picture.height, "width": self.picture.width}
        content = (
            *element("style", {}, sheet),
            *(element("defs", {}, patterns) if patterns else ()),
            *element("rect", {**size, "fill": THEMES[theme].colour("paper")}),
            *drawn.body(),
            *glyphs,
        )
        parts = self._root(window, theme, content, self.description)
        if not outlined:
            parts = [part for part in parts if not isinstance(part, Hidden)]
        if theme == "dark":
            parts = [in_theme(part, theme) if isinstance(part, Look) else part for part in parts]
        return "".join(parts)

    def inline(self, *, skip: int = 0, top: float = 0, described: bool = True) -> str:
        """What a page embeds, whose style sheet has the `looks`: elements alone, from a height on.

        So many of the pictures inside are left out, and the description where the page says as much.
        """
        wide, high = self.picture.width, self.picture.height - top
        window = number(top), number(wide), number(high)
        description = self.description if described else ""
        elements = self._root(window, "drawn", self._coloured.body(skip), description)
        return "".join(part for part in elements if not isinstance(part, Hidden))

    def looks(self) -> Looks:
        """The rules of its classes in a page."""
        styles = self._coloured.styles
        light, dark = (styles.rules(theme, glyphs=False) for theme in COLOURED)
        return dict(zip(light, zip(light.values(), dark.values(), strict=True), strict=True))

    @cached_property
    def _coloured(self) -> _Elements:
        """Light and dark have the same elements."""
        return _Elements(self.picture, printed=False)

    @cached_property
    def _printed(self) -> _Elements:
        return _Elements(self.picture, printed=True)

    def _root(self, window: Window, name: str, content: Iterable[str], description: str) -> Parts:
        top, wide, high = window
        return element(
            "svg",
            {
                "class": name,
                "fill": "none",
                "font-family": "Inter, system-ui, sans-serif",
                "height": high,
                "role": self.role,
                "stroke-linejoin": "round",
                "viewBox": f"0 {top} {wide} {high}",
                "width": wide,
                "xmlns": "http://www.w3.org/2000/svg",
            },
            *element("title", {}, text(self.title)),
            *(element("desc", {}, text(description)) if description else ()),
            *content,
        )


class _Elements:
    """What a picture is written as: its own shapes, each picture inside, and the outlines of its type."""

    def __init__(self, picture: Picture, *, printed: bool) -> None:
        self.styles = Styles(printed=printed)
        self._outlines = Outlines()
        self._own = _painted(picture.shapes, 0, 0, self.styles, self._outlines)
        self._inside = [
            _part(part, at.x, at.y, self.styles, self._outlines) for at, part in picture.inside
        ]

    @cached_property
    def type(self) -> Parts:
        """The outlines; their rules are among the styles from then on."""
        return self._outlines.svg(self.styles)

    def body(self, skip: int = 0) -> Iterator[str]:
        """All but the outlines, without so many of the pictures inside."""
        return chain(self._own, *self._inside[skip:])


@cache
def faces() -> str:
    """The shipped cuts of Inter as font-face rules that carry their data."""
    rules = []
    for name, weight, slant in FACES:
        data = files("llm_gallery.figure.kit").joinpath(f"fonts/Inter-{name}.woff2").read_bytes()
        source = f"url(data:font/woff2;base64,{b64encode(data).decode()}) format('woff2')"
        rules.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};font-style:{slant};src:{source}}}"
        )
    return "".join(rules)


def _painted(
    shapes: Iterable[Shape], dx: float, dy: float, styles: Styles, outlines: Outlines
) -> Parts:
    """The layers in order, then the tips of the lines."""
    parts: Parts = []
    arrows: dict[Look, list[Moved]] = {}
    for look, painted in layers(shapes, styles):
        if look is None:
            parts += _alone(painted[0], dx, dy, styles, outlines)
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
            yield _corners(shape, dx, dy)
        elif isinstance(shape, Mark):
            yield _drawn(shape, dx, dy)


def _corners(box: Box, dx: float, dy: float) -> Piece:
    wide, high = place(box.width), place(box.height)
    return box.x + dx, box.y + dy, f"h{wide}v{high}h-{wide}z"


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
        look, drawn = styles.mark(shape), joined([_drawn(shape, dx, dy)])
    said = f' d="{drawn}"{_data(shape.about)}'
    return tag("path", said, *_title(shape.about), look=look)


def _data(about: About | None) -> str:
    if about is None:
        return ""
    data = {f"data-{key}": value for key, value in about.data}
    return written(data | {"data-path": about.path} if about.path else data)


def _title(about: About | None) -> Parts:
    return tag("title", "", text(about.title)) if about is not None else []


def _box(box: Box, dx: float, dy: float, styles: Styles) -> Parts:
    x, y = box.x + dx, box.y + dy
    look, data = styles.box(box), _data(box.about)
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
    wide, high = place(box.width), place(box.height)
    if box.form in ("narrowing", "widening"):
        slope = min(22.0, box.width / 5)
        short, left = place(box.width - 2 * slope), place(slope)
        if box.form == "narrowing":
            return f"M{place(x + slope)} {place(y)}h{short}l{left} {high}h-{wide}z"
        return f"M{place(x)} {place(y)}h{wide}l-{left} {high}h-{short}z"
    r = place(box.radius)
    flat, side = place(box.width - 2 * box.radius), place(box.height - box.radius)
    if box.form == "top":
        start = f"M{place(x)} {place(y + box.height)}v-{side}"
        return f"{start}a{r} {r} 0 0 1 {r} -{r}h{flat}a{r} {r} 0 0 1 {r} {r}v{side}z"
    if box.form == "bottom":
        start = f"M{place(x)} {place(y)}h{wide}v{side}"
        return f"{start}a{r} {r} 0 0 1 -{r} {r}h-{flat}a{r} {r} 0 0 1 -{r} -{r}z"
    return f"M{place(x)} {place(y)}h{wide}v{high}h-{wide}z"


def _text(shape: Text, dx: float, dy: float, styles: Styles, outlines: Outlines) -> Parts:
    wide = shape.width
    left = shape.left(wide)
    if shape.anchor != "start" and any(map(_GAP, shape.spans)):
        # typst doesn't count gaps where it centres a text.
        shape = replace(shape, x=left, anchor="start")
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
