"""A drawing made higher: its gaps grow, its blocks and type stay as they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise

from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import (
    Bounds,
    Box,
    Line,
    Mark,
    Picture,
    Point,
    Shape,
    Text,
    copied,
    flat,
)

LEAST, MOST, WIDEST = 9.0, 24.0, 58.0
"""Px of a gap that may grow, that it grows at most, and that it then is at most."""
TIGHT = 56.0
"""Px of a gap where it is made lower."""
BLANK, UNDER = 60.0, 26.0
"""Px of rows in which only thin lines are that gaps grow to, and of what stays blank under the last row."""
BROAD = 2.5
"""Px of a line's thickness from which it is read as a block is."""
BESIDE = 10.0
"""Px between what stands aside and the rest at least."""

Rows = tuple[float, float]
"""From one height, or from one place across, to another."""


def spread(picture: Picture, more: float) -> Picture:
    """The picture up to `more` px higher, shared out among the rows that nothing but lines on their way up cross.

    What stands aside of the rest, with nothing over both, has gaps of its own.
    """
    parts = [(part, _giving(part, picture.height)) for part in _aside(picture)]
    gives = [sum(each for _, each in gaps) for _, gaps in parts]
    most = min(more, max(gives, default=0.0))
    if most < 1:
        return picture
    shapes: list[Shape] = []
    for (part, gaps), most_of_it in zip(parts, gives, strict=True):
        own = min(most, most_of_it)
        cuts = [(low + high) / 2 for (low, high), _ in gaps]
        grown = list(
            accumulate(
                (each * own / (most_of_it or 1.0) for _, each in gaps), initial=(most - own) / 2
            )
        )
        shapes += (_moved(shape, partial(_down, cuts, grown)) for shape in part)
    return Picture(width=picture.width, height=picture.height + most, shapes=tuple(shapes))


def tightened(picture: Picture, most: float = TIGHT) -> Picture:
    """The picture with no rows higher than `most` in which only thin lines are."""
    shapes = flat(picture)
    held = [*_rows_of(shapes, thin=False)]
    inked = max((low for _, low in held), default=picture.height)
    rows = (*_gaps(held), (inked, picture.height))
    wide = [gap for gap in rows if gap[1] - gap[0] > most]
    if not wide:
        return picture

    def down(y: float) -> float:
        return y - sum(
            (min(y, high) - low) * (1 - most / (high - low)) for low, high in wide if y > low
        )

    moved = tuple(_moved(shape, down) for shape in shapes)
    return Picture(width=picture.width, height=down(picture.height), shapes=moved)


def spare(picture: Picture) -> float:
    """Px that a picture can be higher by."""
    parts = (_giving(part, picture.height) for part in _aside(picture))
    return max((sum(each for _, each in gaps) for gaps in parts), default=0.0)


def _giving(part: Sequence[Shape], bottom: float) -> list[tuple[Rows, float]]:
    """Its gaps, each with the px that it may grow: the wider it is, or the rows that hold thin lines only, the less."""
    gaps = list(_gaps(_rows_of(part)))
    gives = [max(0.0, min(MOST, WIDEST - high + low)) for low, high in gaps]
    held = [*_rows_of(part, thin=False)]
    inked = max((low for _, low in held), default=bottom)
    for top, low in (*_gaps(held), (inked, bottom + UNDER)):
        within = [n for n, gap in enumerate(gaps) if top <= gap[0] and gap[1] <= low]
        total, room = sum(gives[n] for n in within), max(0.0, BLANK - low + top)
        for n in within if total > room else ():
            gives[n] *= room / total
    return list(zip(gaps, gives, strict=True))


def _down(cuts: Sequence[float], grown: Sequence[float], y: float) -> float:
    """Where a height comes to, with what all cuts over it grow."""
    return y + grown[bisect_left(cuts, y)]


def _aside(picture: Picture) -> list[list[Shape]]:
    """Its shapes, those apart that stand aside of all others and are at least half as high; all in their order.

    What is put last is painted over the rest.
    """
    shapes = flat(picture)
    found: list[tuple[float, list[int]]] = []  # where each part ends, and which shapes it has
    across = [_across(shape) for shape in shapes]
    for place in sorted(range(len(shapes)), key=lambda one: across[one][0]):
        left, right = across[place]
        if found and left < found[-1][0] + BESIDE:
            end, part = found[-1]
            part.append(place)
            found[-1] = max(end, right), part
        else:
            found.append((right, [place]))
    parts = [[shapes[place] for place in sorted(held)] for _, held in found]
    parts.sort(key=_high, reverse=True)
    if len(parts) < 2:
        return parts
    main, *others = parts
    beside = [part for part in others if _high(part) > _high(main) / 2]
    return [[*main, *(shape for part in others if part not in beside for shape in part)], *beside]


def _high(part: Sequence[Shape]) -> float:
    """Px from its first row to its last."""
    rows = list(_rows_of(part))
    return max((low for _, low in rows), default=0.0) - min((top for top, _ in rows), default=0.0)


def _across(shape: Shape) -> Rows:
    if isinstance(shape, Line):
        across = [point.x for point in shape.points]
        return min(across), max(across)
    bounds = shape.bounds if isinstance(shape, Text) else extent(shape)
    return bounds.left, bounds.right


def _gaps(held: Iterable[Rows]) -> Iterator[Rows]:
    """The rows between the first and the last of those that shapes take, which hold nothing."""
    at = None
    for top, bottom in sorted(held):
        if at is not None and top - at >= LEAST:
            yield at, top
        at = bottom if at is None else max(at, bottom)


def _rows_of(shapes: Sequence[Shape], *, thin: bool = True) -> Iterator[Rows]:
    """The rows that shapes take; lines only where they run across, `thin` ones where asked for, and no rules."""
    for shape in shapes:
        if isinstance(shape, Line):
            if shape.kind == "rule" or not (thin or shape.thickness >= BROAD):
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
    made = copied(shape)
    if isinstance(made, Line):
        made.points = tuple([Point(x, down(y)) for x, y in made.points])
    elif isinstance(made, Text):
        if (within := made.inside) is not None:
            made.inside = Bounds(within.left, down(within.top), within.right, down(within.bottom))
        made.y = down(made.y)
    elif isinstance(made, Box) and _border(made):
        top = down(made.y)
        made.y, made.height = top, down(made.y + made.height) - top
    else:
        top, bottom = extent(made)[1::2]
        middle = (top + bottom) / 2
        made.y = made.y + down(middle) - middle
    return made
