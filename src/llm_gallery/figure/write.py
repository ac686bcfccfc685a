"""A placed picture as SVG text: the third pass, which knows looks and syntax and decides no place."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from llm_gallery.figure.course import course, joined, tips
from llm_gallery.figure.outlines import HIDDEN, Outlines, visible
from llm_gallery.figure.painting import layers
from llm_gallery.figure.shapes import About, Box, Line, Mark, Picture, Point, Shape, Text
from llm_gallery.figure.style import Styles, in_dark
from llm_gallery.figure.svg import Attribute, element, number, place, text
from llm_gallery.figure.theme import THEMES, ThemeName

Piece = tuple[float, float, str]
"""Where path data starts, and the data."""
GROUPED = 12
"""Shapes from which a part has coordinates of its own: they are shorter than those in the whole."""
FACES = (
    ("Regular", 400, "normal"),
    ("Medium", 500, "normal"),
    ("SemiBold", 600, "normal"),
    ("Italic", 400, "italic"),
)


def svg(
    picture: Picture,
    *,
    theme: ThemeName = "light",
    title: str = "",
    description: str = "",
    outlined: bool = False,
) -> str:
    """The whole figure; with `outlined` it carries outlines of its type and looks the same everywhere."""
    return Written(picture, title, description, theme, outlined=outlined).svg()


class Written:
    """A picture whose elements are written once: light and dark, and with outlines or without, they are the same."""

    def __init__(
        self, picture: Picture, title: str, description: str, theme: ThemeName, *, outlined: bool
    ) -> None:
        self._picture = picture
        self._said = element("title", {}, text(title)) + element("desc", {}, text(description))
        self._styles = Styles(THEMES[theme])
        outlines = Outlines() if outlined else None
        self._body = "".join(_painted(picture, 0, 0, self._styles, outlines))
        self._outlines = "" if outlines is None else outlines.svg()

    def svg(self) -> str:
        """The whole figure."""
        return self._svg(self._styles, self._body, self._outlines)

    def plain(self) -> str:
        """The figure without outlines."""
        if not self._outlines:
            return self.svg()
        styles = self.styles(self._styles.theme.name, glyphs=False)
        return self._svg(styles, visible(self._body), "")

    def dark(self) -> str:
        """The dark figure of a light one."""
        names = {name: in_dark(name) for name in self._styles.rules}
        body, outlines = (
            _CLASS.sub(lambda found: f'class="{names.get(found[1], found[1])}"', drawn)
            for drawn in (self._body, self._outlines)
        )
        return self._svg(self.styles("dark", glyphs=True), body, outlines)

    def styles(self, theme: ThemeName, *, glyphs: bool) -> Styles:
        """The looks of the figure in a theme, with those of outlines or without."""
        return self._styles.again(THEMES[theme], glyphs=glyphs)

    def _svg(self, styles: Styles, body: str, outlines: str) -> str:
        picture = self._picture
        size = {"height": picture.height, "width": picture.width}
        patterns = styles.patterns()
        return element(
            "svg",
            {
                "class": styles.theme.name,
                "font-family": "Inter, system-ui, sans-serif",
                "role": "img",
                "stroke-linejoin": "round",
                "viewBox": f"0 0 {number(picture.width)} {number(picture.height)}",
                "xmlns": "http://www.w3.org/2000/svg",
                **size,
            },
            self._said,
            element("style", {}, styles.sheet()),
            element("defs", {}, patterns) if patterns else "",
            element("rect", {**size, "fill": styles.theme.paper}),
            body,
            outlines,
        )


_CLASS = re.compile(r'class="(\w+)"')


def body(picture: Picture, at: Point, theme: ThemeName) -> str:
    """The elements of a picture that stands at a point of a larger one, as they are in that one's SVG."""
    return "".join(_part(picture, at.x, at.y, Styles(THEMES[theme]), None))


@cache
def faces() -> str:
    """The shipped cuts of Inter as font-face rules that carry their data."""
    rules = []
    for name, weight, slant in FACES:
        data = files("llm_gallery.figure").joinpath(f"fonts/Inter-{name}.woff2").read_bytes()
        source = f"url(data:font/woff2;base64,{b64encode(data).decode()}) format('woff2')"
        rules.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};font-style:{slant};src:{source}}}"
        )
    return "".join(rules)


def _painted(
    picture: Picture, dx: float, dy: float, styles: Styles, outlines: Outlines | None
) -> Iterator[str]:
    """The layers in order, then the tips of the lines, then the pictures inside."""
    arrows: dict[str, list[tuple[Line, float, float]]] = {}
    for look, shapes in layers(picture.shapes, styles):
        if not look:
            yield _alone(shapes[0], dx, dy, styles, outlines)
        elif isinstance(shapes[0], Line):
            lines = [shape for shape in shapes if isinstance(shape, Line)]
            yield element("path", {"class": look, "d": "".join(course(s, dx, dy) for s in lines)})
            for line in lines:
                if line.arrow:
                    arrows.setdefault(styles.fill(line.role), []).append((line, dx, dy))
        else:
            yield element("path", {"class": look, "d": joined(_pieces(shapes, dx, dy))})
    for look, tipped in arrows.items():
        yield element("path", {"class": look, "d": tips(tipped)})
    for at, part in picture.inside:
        yield from _part(part, at.x + dx, at.y + dy, styles, outlines)


def _part(
    part: Picture, x: float, y: float, styles: Styles, outlines: Outlines | None
) -> Iterator[str]:
    """A part at its place, with coordinates of its own where that is shorter."""
    if len(part.shapes) < GROUPED:
        yield from _painted(part, x, y, styles, outlines)
        return
    move: dict[str, Attribute] = {"transform": f"translate({place(x)} {place(y)})"}
    moved = None if outlines is None else outlines.moved(x, y)
    yield element("g", move, *_painted(part, 0, 0, styles, moved))


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


def _alone(shape: Shape, dx: float, dy: float, styles: Styles, outlines: Outlines | None) -> str:
    """A shape that is an element of its own."""
    if isinstance(shape, Text):
        return _text(shape, dx, dy, styles, outlines)
    if isinstance(shape, Box):
        return _box(shape, dx, dy, styles)
    if isinstance(shape, Line):
        look, drawn = styles.line(shape), course(shape, dx, dy)
    else:
        look, drawn = styles.mark(shape), joined([_drawn(shape, dx, dy)])
    attributes: dict[str, Attribute] = {"class": look, "d": drawn}
    return element("path", attributes | _data(shape.about), _title(shape.about))


def _data(about: About | None) -> dict[str, Attribute]:
    if about is None:
        return {}
    path = {"data-path": about.path} if about.path else {}
    return {**path, **{f"data-{key}": value for key, value in about.data}}


def _title(about: About | None) -> str:
    return element("title", {}, text(about.title)) if about is not None else ""


def _box(box: Box, dx: float, dy: float, styles: Styles) -> str:
    x, y = box.x + dx, box.y + dy
    attributes: dict[str, Attribute] = {"class": styles.box(box), **_data(box.about)}
    if box.form == "circle":
        r = box.width / 2
        attributes |= {"cx": place(x + r), "cy": place(y + r), "r": r}
        return element("circle", attributes, _title(box.about))
    if box.form == "rect":
        size: dict[str, Attribute] = {
            "height": place(box.height),
            "width": place(box.width),
            "x": place(x),
            "y": place(y),
        }
        corner: dict[str, Attribute] = {"rx": box.radius} if box.radius else {}
        drawn = element("rect", attributes | size | corner, _title(box.about))
    else:
        outline = _outline(box, x, y).replace(" -", "-")
        drawn = element("path", attributes | {"d": outline}, _title(box.about))
    return drawn


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


def _text(shape: Text, dx: float, dy: float, styles: Styles, outlines: Outlines | None) -> str:
    if shape.anchor != "start" and any(span.gap for span in shape.spans):
        # typst doesn't count gaps where it centres a text.
        shape = replace(shape, x=shape.bounds.left, anchor="start")
    content, raised = [], 0.0
    for span in shape.spans:
        look = styles.span(span)
        shift = span.shift - raised
        raised = span.shift
        moves: dict[str, Attribute] = {
            "class": look,
            "dx": span.gap or None,
            "dy": -shift or None,
        }
        plain = all(value is None for value in moves.values())
        content.append(text(span.text) if plain else element("tspan", moves, text(span.text)))
    outlined = outlines is not None and outlines.add(shape, dx, dy, styles)
    attributes: dict[str, Attribute] = {
        "class": styles.text(shape),
        "fill-opacity": HIDDEN if outlined else None,
        # Under its outlines whatever font it is set in, so that it is found and selected where it is seen.
        "textLength": place(shape.width) if outlined else None,
        "x": place(shape.x + dx),
        "y": place(shape.y + dy),
        **_data(shape.about),
    }
    return element("text", attributes, _title(shape.about), *content)
