"""A placed picture as SVG text: the third pass, which knows looks and syntax and decides no place."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from llm_gallery.figure.course import course, joined, tips
from llm_gallery.figure.outlines import HIDDEN, Outlines
from llm_gallery.figure.shapes import About, Box, Line, Mark, Picture, Point, Text
from llm_gallery.figure.style import Styles
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
    styles = Styles(THEMES[theme])
    outlines = Outlines() if outlined else None
    body = "".join(_painted(picture, 0, 0, styles, outlines))
    size = {"height": picture.height, "width": picture.width}
    ground = element("rect", {**size, "fill": styles.theme.paper})
    patterns = styles.patterns()
    return element(
        "svg",
        {
            "class": theme,
            "font-family": "Inter, system-ui, sans-serif",
            "role": "img",
            "stroke-linejoin": "round",
            "viewBox": f"0 0 {number(picture.width)} {number(picture.height)}",
            "xmlns": "http://www.w3.org/2000/svg",
            **size,
        },
        element("title", {}, text(title)),
        element("desc", {}, text(description)),
        element("style", {}, styles.sheet()),
        element("defs", {}, patterns) if patterns else "",
        ground,
        body,
        "" if outlines is None else outlines.svg(),
    )


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
    """Shapes in order; lines of one look are one path, where the first of them stands; tips come last."""
    lines: dict[str, list[str]] = {}
    arrows: dict[str, list[tuple[Line, float, float]]] = {}
    for shape in picture.shapes:
        if isinstance(shape, Line) and shape.about is None:
            lines.setdefault(styles.line(shape), []).append(course(shape, dx, dy))
            if shape.arrow:
                arrows.setdefault(styles.fill(shape.role), []).append((shape, dx, dy))
    written: set[str] = set()
    signs: dict[str, list[Piece]] = {}
    for shape in picture.shapes:
        if isinstance(shape, Line) and shape.about is None:
            look = styles.line(shape)
            if look not in written:
                written.add(look)
                yield element("path", {"class": look, "d": "".join(lines[look])})
        elif isinstance(shape, Mark) and _plain(shape):
            signs.setdefault(styles.mark(shape), []).append(_drawn(shape, dx, dy))
        elif isinstance(shape, Box) and _small(shape):
            signs.setdefault(styles.box(shape), []).append(_corners(shape, dx, dy))
        elif isinstance(shape, Text):
            if not _empty(shape):
                yield _text(shape, dx, dy, styles, outlines)
        else:
            yield _shape(shape, dx, dy, styles)
            if isinstance(shape, Box) and shape.labelled and _hatched(shape, styles):
                # The text stays outside of the hatch.
                x, y, high = shape.x + 2.5, shape.y + 6, shape.height - 12
                swatch = Box(x=x, y=y, width=3.5, height=high, radius=1, fill=shape.fill)
                signs.setdefault(styles.box(swatch), []).append(_corners(swatch, dx, dy))
    for look, paths in signs.items():
        yield element("path", {"class": look, "d": joined(paths)})
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


_SIGNS = ("flow", "stream", "ink", "paper", "matrix", None)


def _plain(mark: Mark) -> bool:
    """Whether a mark is a sign that stands over everything: those of one look are one path."""
    inked = mark.fill in _SIGNS and mark.stroke in _SIGNS
    dot = mark.round and mark.path == "h0"
    return mark.about is None and mark.dash is None and (inked or dot)


def _empty(shape: Text) -> bool:
    """Whether a text says nothing: that of a block whose words stand over it."""
    return not any(span.text for span in shape.spans)


def _hatched(box: Box, styles: Styles) -> bool:
    return styles.paint(box.fill).startswith("url")


def _small(box: Box) -> bool:
    """Whether a box is a cell or a swatch, without an edge: those of one look are one path."""
    plain = box.about is None and box.edge is None and not box.labelled
    return plain and box.form == "rect" and box.radius <= 1


def _corners(box: Box, dx: float, dy: float) -> Piece:
    wide, high = place(box.width), place(box.height)
    return box.x + dx, box.y + dy, f"h{wide}v{high}h-{wide}z"


def _drawn(mark: Mark, dx: float, dy: float) -> Piece:
    return mark.x + dx, mark.y + dy, mark.path.replace(" -", "-")


def _shape(shape: Box | Line | Mark, dx: float, dy: float, styles: Styles) -> str:
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
        "x": place(shape.x + dx),
        "y": place(shape.y + dy),
        **_data(shape.about),
    }
    return element("text", attributes, _title(shape.about), *content)
