"""A picture as other programs draw it: shapes at their places in the whole, in order, with colours by role, in named parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.figure.kit.hatching import Hatch
from llm_gallery.figure.kit.markup import named, own_id
from llm_gallery.figure.kit.painting import layers
from llm_gallery.figure.kit.shapes import (
    Box,
    Group,
    Held,
    Line,
    Picture,
    Shape,
    Text,
    moved,
    nested,
)
from llm_gallery.figure.kit.style import Styles
from llm_gallery.figure.kit.theme import THEMES, ThemeName

SPARE = 0.2
"""Ems that a text may be wider in another font than in ours: a figure leaves more beside it."""


class Paint(NamedTuple):
    """How a shape is filled and outlined: roles of a theme, or colours; None where it isn't."""

    fill: str | Hatch | None
    stroke: str | None
    width: float
    dash: str | None


class Painted(NamedTuple):
    """A shape where it stands in the whole."""

    shape: Shape
    paint: Paint


class Part(NamedTuple):
    """A group of a name that no other has, what it is, and what it holds."""

    id: str
    kinds: str
    label: str
    content: tuple[Painted | Part, ...]

    @property
    def kind(self) -> str:
        """What it is in one word: of a block, what the block does."""
        words = self.kinds.split()
        return words[1] if words[0] == "block" and len(words) > 1 else words[0]

    @property
    def is_block(self) -> bool:
        """Whether it is one block with its words."""
        return self.kinds.split()[0] == "block"


@dataclass(frozen=True, slots=True)
class _Pen:
    styles: Styles
    theme: ThemeName
    ids: set[str]
    before: str


def scene(picture: Picture, name: str, theme: ThemeName) -> Part:
    """All that a picture shows, in a part of the given name."""
    own = name or "figure"
    pen = _Pen(Styles(), theme, {own}, named(name))
    return Part(own, "figure", own, tuple(_whole(picture, 0, 0, pen)))


def colour(role: str, theme: ThemeName) -> str:
    """The #rrggbb of what a paint names."""
    return role if role.startswith("#") else THEMES[theme].colour(role)


def _whole(picture: Picture, dx: float, dy: float, pen: _Pen) -> Iterator[Painted | Part]:
    """A picture, and over it those inside."""
    if picture.whole is not None:
        own, inner = _within(picture.whole, pen)
        yield _part(picture.whole, own, _content(picture, dx, dy, inner))
    else:
        yield from _content(picture, dx, dy, pen)


def _content(picture: Picture, dx: float, dy: float, pen: _Pen) -> Iterator[Painted | Part]:
    yield from _painted(nested(picture.shapes, picture.groups), dx, dy, pen)
    for at, inner in picture.inside:
        yield from _whole(inner, at.x + dx, at.y + dy, pen)


def _painted(
    shapes: Iterable[Shape | Held], dx: float, dy: float, pen: _Pen
) -> Iterator[Painted | Part]:
    for _, held, printed in layers(shapes, pen.styles, dx, dy):
        if printed and pen.theme != "print":
            continue
        for shape in held:
            if isinstance(shape, Held):
                own, inner = _within(shape.group, pen)
                yield _part(shape.group, own, _painted(shape.shapes, dx, dy, inner))
            elif printed and isinstance(shape, Box):
                yield _at(shape, pen.styles.declared(pen.styles.stripe(shape), pen.theme), dx, dy)
            else:
                yield _at(shape, _declared(shape, dx, dy, pen), dx, dy)


def _within(group: Group, pen: _Pen) -> tuple[str, _Pen]:
    own = own_id(f"{pen.before}{group.name}", pen.ids)
    return own, _Pen(pen.styles, pen.theme, pen.ids, named(own))


def _part(group: Group, own: str, content: Iterable[Painted | Part]) -> Part:
    return Part(own, group.kinds, group.label, tuple(content))


def _declared(shape: Shape, dx: float, dy: float, pen: _Pen) -> Mapping[str, str | Hatch]:
    if isinstance(shape, Text):
        return {}
    if isinstance(shape, Box):
        found = pen.styles.box(shape, dx, dy)
    elif isinstance(shape, Line):
        found = pen.styles.line(shape)
    else:
        found = pen.styles.mark(shape, dx, dy)
    return pen.styles.declared(found, pen.theme)


def _at(shape: Shape, declared: Mapping[str, str | Hatch], dx: float, dy: float) -> Painted:
    """A shape in the whole, with what its look declares."""
    (placed,) = moved((shape,), dx, dy)
    fill, stroke, dash = (declared.get(key) for key in ("fill", "stroke", "stroke-dasharray"))
    return Painted(
        placed,
        Paint(
            None if fill == "none" else fill,
            None if stroke is None else str(stroke),
            float(str(declared.get("stroke-width", 1))),
            None if dash is None else str(dash),
        ),
    )


def shapes_of(part: Part) -> Iterator[Painted]:
    """Every shape of a part and of the parts in it."""
    for each in part.content:
        if isinstance(each, Part):
            yield from shapes_of(each)
        else:
            yield each
