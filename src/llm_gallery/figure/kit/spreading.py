"""A drawing made higher: its gaps grow, its blocks and type stay as they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Point, Shape, Text, flat

LEAST, MOST, WIDEST = 9.0, 24.0, 58.0
"""Px of a gap that may grow, that it grows at most, and that it then is at most."""
TIGHT = 56.0
"""Px of a gap where it is made lower."""
BESIDE = 10.0
"""Px between what stands aside and the rest at least."""

Rows = tuple[float, float]
"""From one height, or from one place across, to another."""


def spread(picture: Picture, more: float) -> Picture:
    """The picture up to `more` px higher, shared out among the rows that nothing but lines on their way up cross.

    What stands aside of the rest, with nothing over both, has gaps of its own.
    """
    parts = [(part, list(_gaps(_held(part)))) for part in _aside(picture)]
    gives = [sum(map(_gives, gaps)) for _, gaps in parts]
    most = min(more, max(gives, default=0.0))
    if most < 1:
        return picture
    shapes: list[Shape] = []
    for (part, gaps), most_of_it in zip(parts, gives, strict=True):
        own = min(most, most_of_it)
        cuts = [(low + high) / 2 for low, high in gaps]
        grown = list(
            accumulate(
                (_gives(gap) * own / (most_of_it or 1.0) for gap in gaps), initial=(most - own) / 2
            )
        )
        shapes += (_moved(shape, partial(_down, cuts, grown)) for shape in part)
    return Picture(width=picture.width, height=picture.height + most, shapes=tuple(shapes))


def tightened(picture: Picture) -> Picture:
    """The picture with no gap over all of it wider than `TIGHT`."""
    gaps = [gap for gap in _gaps(_rows(picture)) if gap[1] - gap[0] > TIGHT]
    if not gaps:
        return picture
    shapes = flat(picture)
    grown = list(accumulate((TIGHT - high + low for low, high in gaps), initial=0.0))
    down = partial(_down, [(low + high) / 2 for low, high in gaps], grown)
    moved = tuple(_moved(shape, down) for shape in shapes)
    return Picture(width=picture.width, height=picture.height + grown[-1], shapes=moved)


def spare(picture: Picture) -> float:
    """Px that a picture can be higher by."""
    return max((sum(map(_gives, _gaps(_held(part)))) for part in _aside(picture)), default=0.0)


def _gives(gap: Rows) -> float:
    """Px that a gap may grow: the wider it is, the less."""
    return max(0.0, min(MOST, WIDEST - gap[1] + gap[0]))


def _down(cuts: Sequence[float], grown: Sequence[float], y: float) -> float:
    """Where a height comes to, with what all cuts over it grow."""
    return y + grown[bisect_left(cuts, y)]


def _aside(picture: Picture) -> list[list[Shape]]:
    """Its shapes, those apart that stand aside of all others and are at least half as high."""
    found: list[tuple[float, list[Shape]]] = []  # where each part ends
    for left, right, shape in sorted(
        ((*_across(shape), shape) for shape in flat(picture)), key=lambda placed: placed[0]
    ):
        if found and left < found[-1][0] + BESIDE:
            end, part = found[-1]
            part.append(shape)
            found[-1] = max(end, right), part
        else:
            found.append((right, [shape]))
    parts = sorted((part for _, part in found), key=_high, reverse=True)
    if len(parts) < 2:
        return parts
    main, *others = parts
    beside = [part for part in others if _high(part) > _high(main) / 2]
    return [[*main, *(shape for part in others if part not in beside for shape in part)], *beside]


def _high(part: Sequence[Shape]) -> float:
    """Px from its first row to its last."""
    rows = list(_held(part))
    return max((low for _, low in rows), default=0.0) - min((top for top, _ in rows), default=0.0)


def _across(shape: Shape) -> Rows:
    if isinstance(shape, Line):
        across = [point.x for point in shape.points]
        return min(across), max(across)
    bounds = shape.bounds if isinstance(shape, Text) else extent(shape)
    return bounds.left, bounds.right


def _gaps(held: Iterable[Rows]) -> Iterator[Rows]:
    """The rows between the first and the last that are held, which hold no block, text, sign or line across."""
    at = None
    for top, bottom in sorted(held):
        if at is not None and top - at >= LEAST:
            yield at, top
        at = bottom if at is None else max(at, bottom)


def _rows(picture: Picture, down: float = 0.0) -> Iterator[Rows]:
    """The rows that the shapes of a picture and of those inside it take, of a picture so far down."""
    yield from ((top + down, bottom + down) for top, bottom in _held(picture.shapes))
    for at, part in picture.inside:
        yield from _rows(part, down + at.y)


def _held(shapes: Sequence[Shape]) -> Iterator[Rows]:
    """The rows that shapes take; lines only where they run across, and no rules."""
    for shape in shapes:
        if isinstance(shape, Line):
            if shape.kind == "rule":
                continue
            half = shape.thickness / 2 + 1
            for a, b in pairwise(shape.points):
                if a.y == b.y:
                    yield a.y - half, a.y + half
        elif isinstance(shape, Text):
            bounds = shape.bounds
            yield bounds.top, bounds.bottom
        elif not _border(shape):
            bounds = extent(shape)
            yield bounds.top, bounds.bottom


def _border(shape: Box | Mark) -> bool:
    """Whether it stands around other shapes, and is as high as they are."""
    return isinstance(shape, Box) and shape.open and (shape.ground or shape.fill is None)


def _moved(shape: Shape, down: Callable[[float], float]) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, points=tuple(Point(x, down(y)) for x, y in shape.points))
    if isinstance(shape, Text):
        within = shape.inside
        if within is not None:
            within = Bounds(within.left, down(within.top), within.right, down(within.bottom))
        return replace(shape, y=down(shape.y), inside=within)
    if isinstance(shape, Box) and _border(shape):
        top = down(shape.y)
        return replace(shape, y=top, height=down(shape.y + shape.height) - top)
    top, bottom = extent(shape)[1::2]
    middle = (top + bottom) / 2
    return replace(shape, y=shape.y + down(middle) - middle)
