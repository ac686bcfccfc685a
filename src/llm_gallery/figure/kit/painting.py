"""In which order shapes are painted: those of one look as one path, and none over what was to stand above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Bounds, Box, Held, Line, Mark, Shape, Text
from llm_gallery.figure.kit.style import Styles, hatched
from llm_gallery.figure.kit.svg import Look
from llm_gallery.figure.kit.theme import full_role

_SAID = attrgetter("text")
_SIGNS = ("flow", "stream", "ink", "paper", "matrix")


EDGE, HATCHED = 0.6, 3.2
"""Px of half a block's outline in print, and of the hatching inside it: its words keep 4 px from that."""
Kind = tuple[int, bool]
"""A look in every theme, by its object, and whether print alone paints it: so all themes paint in one order."""


class Layer(NamedTuple):
    """Shapes that one path draws, or a single one or a group, which are elements of their own and have no `look`."""

    look: Look | None
    shapes: list[Shape | Held]
    printed: bool = False  # in print alone


def layers(
    shapes: Iterable[Shape | Held], styles: Styles, dx: float = 0, dy: float = 0
) -> list[Layer]:
    """What is painted, in order: lines of one look where the first of them stands, signs over everything.

    They are moved by so much: in print a swatch's hatching begins at its corner.
    """
    found: list[Layer] = []
    lines: dict[Kind, Layer] = {}
    signs = _Signs()
    for shape in shapes:
        if isinstance(shape, Text):
            if any(map(_SAID, shape.spans)):  # not of a block whose words stand over it
                found.append(Layer(None, [shape]))
        elif isinstance(shape, Line) and shape.about is None:
            look = styles.line(shape)
            kind = (id(look), False)
            if kind not in lines:
                lines[kind] = Layer(look, [])
                found.append(lines[kind])
            lines[kind].shapes.append(shape)
        elif isinstance(shape, Mark) and _plain(shape):
            signs.add(styles.mark(shape), shape)
        elif isinstance(shape, Box) and _small(shape):
            signs.add(styles.box(shape, dx, dy), shape)
        else:
            found.append(Layer(None, [shape]))
            if isinstance(shape, Box) and shape.labelled and hatched(shape.fill):
                y, high = shape.y + 6, shape.height - 12
                swatch = Box(shape.x + EDGE, y, HATCHED, high, radius=1, fill=shape.fill)
                signs.add(styles.stripe(swatch), swatch, printed=True)
    return found + signs.layers


@dataclass(slots=True)
class _Signs:
    """Signs by look: one joins the last path of its look, unless it stands over something of a later one."""

    layers: list[Layer] = field(default_factory=list)
    extents: list[list[Bounds]] = field(default_factory=list)  # of each layer's signs
    last: dict[Kind, int] = field(default_factory=dict)

    def add(self, look: Look, sign: Mark | Box, *, printed: bool = False) -> None:
        mine = extent(sign)
        kind = (id(look), printed)
        at = self.last.get(kind, -1)
        later = self.extents[at + 1 :] if at >= 0 else ()
        if at < 0 or any(overlap(mine, other) for group in later for other in group):
            at = self.last[kind] = len(self.layers)
            self.layers.append(Layer(look, [], printed))
            self.extents.append([])
        self.layers[at].shapes.append(sign)
        self.extents[at].append(mine)


def _plain(mark: Mark) -> bool:
    """Whether a mark is a sign that stands over everything: those of one look are one path."""
    inked = all(role is None or full_role(role) in _SIGNS for role in (mark.fill, mark.stroke))
    return mark.about is None and mark.dash is None and inked


def _small(box: Box) -> bool:
    """Whether a box is a cell or a swatch, without an edge: those of one look are one path."""
    plain = box.about is None and box.edge is None and not box.labelled
    return plain and box.form == "rect" and box.radius <= 1


def overlap(a: Bounds, b: Bounds, slack: float = 0.0) -> bool:
    """Whether two extents share more than their edge."""
    return (
        a.left < b.right - slack
        and b.left < a.right - slack
        and a.top < b.bottom - slack
        and b.top < a.bottom - slack
    )


def extent(shape: Mark | Box) -> Bounds:
    """All that a shape covers, its stroke included."""
    if isinstance(shape, Box):
        half = 0.0 if shape.edge is None else shape.line / 2
        left, top, right, bottom = shape.bounds
    else:
        half = 0.0 if shape.stroke is None else shape.thickness / 2
        reach = _reach(shape.path)
        left, right = shape.x + reach.left, shape.x + reach.right
        top, bottom = shape.y + reach.top, shape.y + reach.bottom
    return Bounds(left - half, top - half, right + half, bottom + half)


@lru_cache(maxsize=1 << 14)
def _reach(path: str) -> Bounds:
    """What path data in relative commands covers, from where it starts."""
    points = [point for stretch in stretches(path) for point in stretch.points]
    across, down = [x for x, _ in points], [y for _, y in points]
    return Bounds(min(across), min(down), max(across), max(down))
