"""A picture as a TikZ file that compiles by itself: a named node for each block, and each look said once, as a style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from llm_gallery.figure.kit import segments
from llm_gallery.figure.kit.hatching import Hatch, plain
from llm_gallery.figure.kit.markup import KINDS
from llm_gallery.figure.kit.path_data import radius, tip_size
from llm_gallery.figure.kit.scene import SPARE, Paint, Painted, Part, colour, shapes_of
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Point, Text
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.tex import comment, escaped, file, slug
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.kit.theme import HATCHES, ThemeName
from llm_gallery.figure.kit.tiles import pattern

_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def tikz(drawn: Part, size: tuple[float, float], title: str, theme: ThemeName) -> str:
    """The file. A block's node is called as its part, so that what an author adds can point at it."""
    looks = _Looks(theme)
    ground = looks.style("paper", _painted(Paint("paper", None, 1, None), looks))
    corner = f"({number(size[0])},{number(size[1])})"
    body = [f"\\path[{ground}] (0,0) rectangle {corner};", *_content(drawn, looks, "")]
    texts = [
        span.text
        for each in shapes_of(drawn)
        if isinstance(each.shape, Text)
        for span in each.shape.spans
    ]
    return file(
        title,
        texts,
        [*looks.colours(), *looks.patterns()],
        looks.styles,
        [f"\\useasboundingbox (0,0) rectangle {corner};", *body],
    )


@dataclass(slots=True)
class _Looks:
    """The colours, patterns and styles that a figure needs, each called after what it is first used for."""

    theme: ThemeName
    styles: dict[str, str] = field(default_factory=dict)
    _roles: dict[str, str] = field(default_factory=dict)
    _hatches: dict[str, None] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)

    def colour(self, role: str) -> str:
        """The name of a colour."""
        name = slug(f"grey-{role}" if role.startswith("#") else role)
        self._roles[name] = colour(role, self.theme).removeprefix("#").upper()
        return name

    def hatch(self, mechanism: str) -> str:
        """The name of a hatching, where a colour alone doesn't do."""
        self._hatches[mechanism] = None
        return f"hatch-{mechanism}"

    def style(self, name: str, rule: str) -> str:
        """The style of a look; a second look of the same name is called after it."""
        key = name, rule
        if key not in self._names:
            numbered = (f"{name} {n}" for n in count(2))
            own = (
                name
                if name not in self.styles
                else next(each for each in numbered if each not in self.styles)
            )
            self.styles[own] = rule
            self._names[key] = own
        return self._names[key]

    def node(self, name: str) -> str:
        """What a node is called, as no other is."""
        own = first = slug(name)
        for n in count(2):
            if own not in self.nodes:
                break
            own = f"{first}-{n}"
        self.nodes.add(own)
        return own

    def colours(self) -> Iterator[str]:
        """Their definitions."""
        for name, code in self._roles.items():
            yield f"\\definecolor{{{name}}}{{HTML}}{{{code}}}"

    def patterns(self) -> Iterator[str]:
        """The tiles of the hatchings."""
        for mechanism in self._hatches:
            yield from pattern(f"hatch-{mechanism}", HATCHES[mechanism])


def _content(part: Part, looks: _Looks, indent: str) -> Iterator[str]:
    """What a part holds; the first box of a block is called as the block."""
    free = part.is_block
    for each in part.content:
        if isinstance(each, Part):
            yield f"{indent}% {comment(each.label)}"
            own = "" if each.is_block else f"[local bounding box={looks.node(each.id)}]"
            yield f"{indent}\\begin{{scope}}{own}"
            yield from _content(each, looks, f"{indent}  ")
            yield f"{indent}\\end{{scope}}"
            continue
        shape, named = each.shape, ""
        if isinstance(shape, Box) and free and not shape.open:
            named, free = looks.node(part.id), False
        elif isinstance(shape, Box) and shape.labelled and shape.about is not None:
            named = looks.node(f"{part.id}-{shape.about.path}")
        yield from (f"{indent}{line}" for line in _drawn(each, part.kind, named, looks))


def _drawn(each: Painted, kind: str, named: str, looks: _Looks) -> Iterator[str]:
    shape, paint = each
    if isinstance(shape, Text):
        yield _text(shape, kind, looks)
    elif isinstance(shape, Box):
        yield _box(shape, paint, kind, named, looks)
    elif isinstance(shape, Line):
        yield _line(shape, paint, looks)
    else:
        yield _mark(shape, paint, kind, looks)


def _painted(paint: Paint, looks: _Looks) -> str:
    """Fill, colour and thickness of a line, dashes."""
    said = []
    if isinstance(paint.fill, Hatch):
        one = plain(paint.fill)
        said.append(f"fill={looks.colour(one or 'paper')}")
        if one is None:
            said.append(f"postaction={{pattern={looks.hatch(paint.fill.mechanism)}}}")
    elif paint.fill is not None:
        said.append(f"fill={looks.colour(paint.fill)}")
    if paint.stroke is not None:
        said.append(f"draw={looks.colour(paint.stroke)}")
        said.append(f"line width={number(paint.width)}\\px")
        if paint.dash is not None:
            on, off = paint.dash.split()
            said.append(f"dash pattern=on {on}\\px off {off}\\px")
    return ", ".join(said)


def _box(box: Box, paint: Paint, kind: str, named: str, looks: _Looks) -> str:
    rule = _painted(paint, looks)
    x, y, wide, high = box.x, box.y, box.width, box.height
    if box.form not in ("rect", "circle"):
        style = looks.style(f"{kind} box", rule)
        slope = min(22.0, wide / 5)
        above, below = (slope, 0.0) if box.form == "narrowing" else (0.0, slope)
        corners = (
            Point(x + above, y), Point(x + wide - above, y),
            Point(x + wide - below, y + high), Point(x + below, y + high),
        )  # fmt: skip
        around = " -- ".join(map(_place, corners))
        return f"\\path[{style}] {around} -- cycle;{_empty(box, named)}"
    if box.form == "circle":
        style = looks.style(f"{kind} sign", rule)
        middle = _place(Point(x + wide / 2, y + high / 2))
        return f"\\path[{style}] {middle} circle[radius={number(wide / 2)}\\px];"
    if box.radius:
        rule += f", rounded corners={number(min(box.radius, wide / 2, high / 2))}\\px"
    if not named:
        style = looks.style(f"{kind} box", rule)
        return f"\\path[{style}] {_place(Point(x, y))} rectangle ++({number(wide)},{number(high)});"
    return _node(box, named, looks.style(kind, rule))


def _node(box: Box, named: str, style: str = "") -> str:
    middle = _place(Point(box.x + box.width / 2, box.y + box.height / 2))
    size = f"minimum width={number(box.width)}\\px, minimum height={number(box.height)}\\px"
    return f"\\node[{style}{', ' if style else ''}{size}] ({named}) at {middle} {{}};"


def _empty(box: Box, named: str) -> str:
    """The node of a block whose outline is a path."""
    return f" {_node(box, named)}" if named else ""


def _line(line: Line, paint: Paint, looks: _Looks) -> str:
    rule = _painted(paint, looks)
    if len(line.points) > 2:
        rule += f", rounded corners={number(radius(line))}\\px"
    style = looks.style(KINDS[line.kind], rule)
    if line.arrow:
        # As many times the line's thickness: a length in \px would be part of a command's name.
        long, half = (side / 10 / paint.width for side in tip_size(line))
        tip = f"-{{Triangle[length=0pt {number(long)}, width=0pt {number(2 * half)}]}}"
        style += f", {looks.style('tip', tip)}"
    return f"\\draw[{style}] {' -- '.join(map(_place, line.points))};"


def _mark(mark: Mark, paint: Paint, kind: str, looks: _Looks) -> str:
    rule = _painted(paint, looks)
    if mark.round:
        rule += ", line cap=round"
    style = looks.style(f"{kind} sign", rule)
    course = " ".join(map(_course, segments.stretches(mark.path, mark.x, mark.y)))
    return f"\\path[{style}] {course};"


def _course(stretch: segments.Stretch) -> str:
    said = _place(stretch.start)
    for end, controls in stretch.segments:
        if controls is None:
            said += f" -- {_place(end)}"
        else:
            first, second = map(_place, controls)
            said += f" .. controls {first} and {second} .. {_place(end)}"
    return f"{said} -- cycle" if stretch.closed else said


def _text(text: Text, kind: str, looks: _Looks) -> str:
    weight = r"\bfseries\boldmath" if text.weight == 600 else ""
    rule = (
        f"anchor={_ANCHORS[text.anchor]}, text={looks.colour(text.role)}, "
        f"font=\\type{{{number(text.size)}}}{weight}"
    )
    style = looks.style(f"{kind} text", rule)
    words, room = "".join(_runs(text.spans, looks)), text.width + SPARE * text.size
    return f"\\node[{style}] at {_place(Point(text.x, text.y))} {{\\words{{{number(room)}}}{{{words}}}}};"


def _runs(spans: Iterable[Span], looks: _Looks) -> Iterator[str]:
    """Spans in their own type, where they have one."""
    for span in spans:
        said = escaped(span.text)
        if not said:
            continue
        settings = ""
        if span.size is not None:
            settings += f"\\type{{{number(span.size)}}}"
        if span.italic:
            settings += r"\mdseries\itshape"
        elif span.weight is not None:
            settings += r"\bfseries" if span.weight == 600 else r"\mdseries"
        if span.role is not None:
            settings += f"\\color{{{looks.colour(span.role)}}}"
        if settings:
            said = f"{{{settings} {said}}}"
        if span.shift:
            said = f"\\raisebox{{{number(span.shift)}\\px}}{{{said}}}"
        yield f"\\kern{number(span.gap)}\\px{said}" if span.gap else said


def _place(point: Point) -> str:
    return f"({number(point.x)},{number(point.y)})"
