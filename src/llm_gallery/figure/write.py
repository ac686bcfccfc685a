"""A placed picture as SVG text: the third pass, which knows looks and syntax and decides no place."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from llm_gallery.figure.outlines import HIDDEN, Outlines
from llm_gallery.figure.shapes import About, Box, Line, Mark, Picture, Point, Shape, Text
from llm_gallery.figure.style import Styles
from llm_gallery.figure.svg import Attribute, element, number, text
from llm_gallery.figure.theme import THEMES, ThemeName

CORNER = 6.0
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
    embed_font: bool = False,
    paper: bool = True,
) -> str:
    """The whole figure; with `embed_font` it carries outlines of its type and looks the same everywhere."""
    styles = Styles(THEMES[theme])
    outlines = Outlines() if embed_font else None
    body = "".join(_painted(picture, 0, 0, styles, outlines))
    size = {"height": picture.height, "width": picture.width}
    ground = element("rect", {**size, "fill": styles.theme.paper}) if paper else ""
    patterns = styles.patterns()
    return element(
        "svg",
        {
            "class": theme,
            "font-family": "Inter, system-ui, sans-serif",
            "role": "img",
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
    return "".join(_painted(picture, at.x, at.y, Styles(THEMES[theme]), None))


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
    tips: dict[str, list[str]] = {}
    for shape in picture.shapes:
        if isinstance(shape, Line) and shape.about is None:
            lines.setdefault(styles.line(shape), []).append(_course(shape, dx, dy))
            if shape.arrow:
                tips.setdefault(styles.fill(shape.role), []).append(_tip(shape, dx, dy))
    written: set[str] = set()
    signs: dict[str, list[str]] = {}
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
            yield _text(shape, dx, dy, styles, outlines)
        else:
            yield _shape(shape, dx, dy, styles)
            if isinstance(shape, Box) and shape.labelled and _hatched(shape, styles):
                # The text stays outside of the hatch.
                x, y, high = shape.x + 2.5, shape.y + 6, shape.height - 12
                swatch = Box(x=x, y=y, width=3.5, height=high, radius=1, fill=shape.fill)
                signs.setdefault(styles.box(swatch), []).append(_corners(swatch, dx, dy))
    for look, paths in signs.items():
        yield element("path", {"class": look, "d": "".join(paths)})
    for look, paths in tips.items():
        yield element("path", {"class": look, "d": "".join(paths)})
    for at, part in picture.inside:
        yield from _painted(part, at.x + dx, at.y + dy, styles, outlines)


_SIGNS = ("flow", "stream", "ink", "paper", "matrix", None)


def _plain(mark: Mark) -> bool:
    """Whether a mark is a sign that stands over everything: those of one look are one path."""
    inked = mark.fill in _SIGNS and mark.stroke in _SIGNS
    return mark.about is None and mark.dash is None and inked


def _hatched(box: Box, styles: Styles) -> bool:
    return styles.paint(box.fill).startswith("url")


def _small(box: Box) -> bool:
    """Whether a box is a cell or a swatch, without an edge: those of one look are one path."""
    plain = box.about is None and box.edge is None and not box.labelled
    return plain and box.form == "rect" and box.radius <= 1


def _corners(box: Box, dx: float, dy: float) -> str:
    wide, high = number(box.width), number(box.height)
    return f"M{number(box.x + dx)} {number(box.y + dy)}h{wide}v{high}h-{wide}z"


def _drawn(mark: Mark, dx: float, dy: float) -> str:
    return f"M{number(mark.x + dx)} {number(mark.y + dy)}{mark.path}"


def _shape(shape: Shape, dx: float, dy: float, styles: Styles) -> str:
    if isinstance(shape, Box):
        return _box(shape, dx, dy, styles)
    if isinstance(shape, Line):
        course: dict[str, Attribute] = {"class": styles.line(shape), "d": _course(shape, dx, dy)}
        return element("path", course | _data(shape.about), _title(shape.about))
    assert isinstance(shape, Mark)
    drawn = _drawn(shape, dx, dy)
    attributes: dict[str, Attribute] = {"class": styles.mark(shape), "d": drawn}
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
        attributes |= {"cx": x + r, "cy": y + r, "r": r}
        return element("circle", attributes, _title(box.about))
    if box.form == "rect":
        size: dict[str, Attribute] = {"height": box.height, "width": box.width, "x": x, "y": y}
        corner: dict[str, Attribute] = {"rx": box.radius} if box.radius else {}
        drawn = element("rect", attributes | size | corner, _title(box.about))
    else:
        drawn = element("path", attributes | {"d": _outline(box, x, y)}, _title(box.about))
    return drawn


def _outline(box: Box, x: float, y: float) -> str:
    wide, high = number(box.width), number(box.height)
    if box.form in ("narrowing", "widening"):
        slope = min(22.0, box.width / 5)
        short, left = number(box.width - 2 * slope), number(slope)
        if box.form == "narrowing":
            return f"M{number(x + slope)} {number(y)}h{short}l{left} {high}h-{wide}z"
        return f"M{number(x)} {number(y)}h{wide}l-{left} {high}h-{short}z"
    r = number(box.radius)
    flat, side = number(box.width - 2 * box.radius), number(box.height - box.radius)
    if box.form == "top":
        start = f"M{number(x)} {number(y + box.height)}v-{side}"
        return f"{start}a{r} {r} 0 0 1 {r} -{r}h{flat}a{r} {r} 0 0 1 {r} {r}v{side}z"
    if box.form == "bottom":
        start = f"M{number(x)} {number(y)}h{wide}v{side}"
        return f"{start}a{r} {r} 0 0 1 -{r} {r}h-{flat}a{r} {r} 0 0 1 -{r} -{r}z"
    return f"M{number(x)} {number(y)}h{wide}v{high}h-{wide}z"


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
        "x": shape.x + dx,
        "y": shape.y + dy,
        **_data(shape.about),
    }
    return element("text", attributes, _title(shape.about), *content)


def _tip_size(line: Line) -> tuple[float, float]:
    return (10.0, 4.8) if line.kind == "stream" else (6.5, 3.12)


def _toward(start: Point, end: Point, far: float) -> Point:
    """The point that lies `far` px before the end on the way from the start."""
    if start.x == end.x:
        return Point(end.x, end.y + (far if start.y > end.y else -far))
    return Point(end.x + (far if start.x > end.x else -far), end.y)


def _course(line: Line, dx: float, dy: float) -> str:
    points = [Point(p.x + dx, p.y + dy) for p in line.points]
    if line.arrow:
        points[-1] = _toward(points[-2], points[-1], _tip_size(line)[0] - 1.2)
    drawn = [f"M{number(points[0].x)} {number(points[0].y)}"]
    at = points[0]
    for i in range(1, len(points) - 1):
        corner, after = points[i], points[i + 1]
        radius = min(CORNER, _length(points[i - 1], corner) / 2, _length(corner, after) / 2)
        if i == 1:
            radius = min(CORNER, _length(points[0], corner), _length(corner, after) / 2)
        if i == len(points) - 2:
            before = _length(points[i - 1], corner) / (1 if i == 1 else 2)
            radius = min(CORNER, before, _length(corner, after))
        entry, leave = _toward(at, corner, radius), _toward(after, corner, radius)
        drawn.append(_step(at, entry))
        drawn.append(f"Q{number(corner.x)} {number(corner.y)} {number(leave.x)} {number(leave.y)}")
        at = leave
    drawn.append(_step(at, points[-1]))
    return "".join(drawn)


def _length(a: Point, b: Point) -> float:
    return abs(a.x - b.x) + abs(a.y - b.y)


def _step(a: Point, b: Point) -> str:
    if number(a.x) == number(b.x):
        return "" if number(a.y) == number(b.y) else f"V{number(b.y)}"
    if number(a.y) == number(b.y):
        return f"H{number(b.x)}"
    return f"L{number(b.x)} {number(b.y)}"


def _tip(line: Line, dx: float, dy: float) -> str:
    start, end = line.points[-2], line.points[-1]
    far, half = _tip_size(line)
    x, y = number(end.x + dx), number(end.y + dy)
    if start.x == end.x:
        down = far if start.y > end.y else -far
        return f"M{x} {y}l{number(half)} {number(down)}h{number(-2 * half)}z"
    right = far if start.x > end.x else -far
    return f"M{x} {y}l{number(right)} {number(half)}v{number(-2 * half)}z"
