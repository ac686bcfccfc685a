"""The key of a figure: the signs that it has, each drawn small with what it means, in one line where that is wide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from llm_gallery.figure.kit import accent, stream
from llm_gallery.figure.kit.blocks import Sheet, Words, centred, trapezoid
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Picture, Point, Shape
from llm_gallery.figure.kit.signs import CHIP, circle, dot, drum, operation
from llm_gallery.figure.kit.text import width

FORMS = ((12.0, 14.0), (11.5, 14.0), (11.5, 12.0), (11.0, 12.0), (10.8, 10.0), (10.8, 8.0))
"""Px of the type, and from words to the next sign: the first that leaves one line."""
SEVERAL = 11.0, 12.0
"""The same where they take several."""
CLOSE, LEADING = 4.0, 17.0
"""Px from a sign to its words, and from line to line."""
HIGH = 16.0
"""Px that a sign is high at most."""


class Sign(NamedTuple):
    """What is drawn from a left edge about a height, how wide it is, what it means, and the shapes that are one."""

    draw: Callable[[Sheet, float, float], None]
    wide: float
    meaning: str
    is_seen: Callable[[Shape], bool]


def key(shown: Iterable[Shape], wide: float, lines: int = 1) -> Picture:
    """The signs of a figure with their meanings, as wide as that; on several lines where one is too narrow."""
    held = [tuple(alike) for _, alike in groupby(signs_in(shown), attrgetter("meaning"))]
    size, apart = next(
        (form for form in FORMS if _along(held, *form) <= wide),
        SEVERAL if lines > 1 else FORMS[-1],
    )
    sheet, x, y = Sheet(), 0.0, HIGH / 2
    for signs in held:
        broad = _broad(signs, size)
        if x and x + broad > wide:
            x, y = 0.0, y + LEADING
        at = x
        for sign in signs:
            sign.draw(sheet, at, y)
            at += sign.wide + CLOSE
        sheet.label(at, y + 0.36 * size, signs[0].meaning, size=size)
        x += broad + apart
    return sheet.picture(wide, y + HIGH / 2 if held else 0.0)


def signs_in(shown: Iterable[Shape]) -> Iterator[Sign]:
    """Those of the signs that are drawn, in the order of the key."""
    missing = list(SIGNS)
    for shape in shown:
        for sign in missing:
            if sign.is_seen(shape):
                missing.remove(sign)
                break
    yield from (sign for sign in SIGNS if sign not in missing)


def every(sheet: Sheet) -> Iterator[Shape]:
    """All shapes of a sheet and of the pictures on it, wherever they stand."""
    yield from sheet.shapes
    for _, part in sheet.inside:
        yield from _inside(part)


def _inside(picture: Picture) -> Iterator[Shape]:
    yield from picture.shapes
    for _, part in picture.inside:
        yield from _inside(part)


def _broad(signs: Iterable[Sign], size: float) -> float:
    """Px of signs that mean the same, with their words."""
    held = [*signs]
    return sum(sign.wide + CLOSE for sign in held) + width(held[0].meaning, size)


def _along(held: Sequence[Sequence[Sign]], size: float, apart: float) -> float:
    return sum(_broad(signs, size) + apart for signs in held) - apart


@lru_cache(maxsize=1 << 12)
def _is_like(pattern: str, path: str) -> bool:
    return re.fullmatch(pattern, path) is not None


def _path(pattern: str) -> Callable[[Shape], bool]:
    """Marks of one form, whatever their size."""
    form = pattern.replace("#", r"-?[\d.]+")
    return lambda shape: isinstance(shape, Mark) and _is_like(form, shape.path)


def _box(fits: Callable[[Box], bool]) -> Callable[[Shape], bool]:
    return lambda shape: isinstance(shape, Box) and fits(shape)


def _sign(sign: str) -> Callable[[Sheet, float, float], None]:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.add(operation(x + 6, y, sign, radius=6))

    return draw


def _box_like(box: Box) -> Callable[[Sheet, float, float], None]:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.put(replace(box, x=x, y=y - box.height / 2))

    return draw


def _branch(sheet: Sheet, x: float, y: float) -> None:
    sheet.put(dot(x + 4, y, "stream", 4))


def _flow(sheet: Sheet, x: float, y: float) -> None:
    sheet.wire(Point(x, y), Point(x + 20, y))


def _wider(sheet: Sheet, x: float, y: float) -> None:
    sheet.add(trapezoid(x + 9, y, "", "norm", narrowing=True, wide=18, high=12))


def _drum(sheet: Sheet, x: float, y: float) -> None:
    sheet.put(drum(x, y - 5))


def _several(sheet: Sheet, x: float, y: float) -> None:
    stream.bar(sheet, (x + 7, x + 12, x + 17), y, "")


def _new(sheet: Sheet, x: float, y: float) -> None:
    accent.tag(sheet, x, y)


def _inside_of(sheet: Sheet, x: float, y: float) -> None:
    ends = Point(x + 3, y), Point(x + 21, y)
    sheet.put(Line(points=ends, kind="leader", role="flow", thickness=1.5))
    sheet.put(*(dot(end.x, end.y, "flow", 2.5) for end in ends))


def _number(sheet: Sheet, x: float, y: float) -> None:
    box = circle(x + 7, y, 7, "muted", None)
    sheet.put(replace(box, labelled=True), *centred(box, "paper", Words(3.8, "1", 10.7, 600)))


def _is_pill(box: Box) -> bool:
    tinted = (box.fill or "").endswith(".tint") and not box.ground
    return box.form == "rect" and tinted and box.radius >= box.height / 2


def _is_number(box: Box) -> bool:
    return box.form == "circle" and box.labelled


def _is_leader(shape: Shape) -> bool:
    return isinstance(shape, Line) and shape.kind == "leader" and shape.thickness > 1


def _is_read(shape: Shape) -> bool:
    disc = _path("m# 0a# # 0 0 1 # 0a# # 0 0 1 # 0z")
    return isinstance(shape, Mark) and shape.fill in ("stream", "flow") and disc(shape)


def _is_matrix(box: Box) -> bool:
    return box.form == "rect" and box.fill == "matrix" and (box.edge or "").endswith(".edge")


def _is_bar(shape: Shape) -> bool:
    return isinstance(shape, Mark) and shape.round and shape.thickness == stream.BAR + 1.5


SMALL = Box(0, 0, 18, 12)
SIGNS = (
    Sign(_sign("+"), 12, "add", _path("m# 0h#m# #v#")),
    Sign(_sign("×"), 12, "multiply", _path("m# #l# #m0 #l# #")),
    Sign(_sign("−"), 12, "subtract", _path("m# 0h#")),
    Sign(_branch, 8, "branch", _is_read),
    Sign(_several, 24, "all streams", _is_bar),
    Sign(_flow, 20, "flow", lambda shape: isinstance(shape, Line) and shape.arrow),
    Sign(_box_like(replace(SMALL, radius=6, fill="norm.tint", edge="norm.edge", open=True)), 18, "norm, gate", _box(_is_pill)),
    Sign(_box_like(replace(SMALL, radius=3, fill="matrix", edge="norm.edge", open=True)), 18, "weights", _box(_is_matrix)),
    Sign(_wider, 18, "new width", _box(lambda box: box.form in ("narrowing", "widening"))),
    Sign(_drum, 10, "kept", _path("m0 #a# # 0 0 1 # 0v.*")),
    Sign(_box_like(replace(SMALL, radius=6, fill="ink", open=True)), 18, "number", _box(lambda box: box.fill == "ink" and box.radius in (CHIP / 2, SMALL.height / 2))),
    Sign(_box_like(replace(SMALL, radius=4, edge="muted", dashed=True, open=True)), 18, "by turns", _box(lambda box: box.dashed and box.open)),
    Sign(_box_like(replace(SMALL, radius=4, fill="norm.tint", edge="muted", dashed=True)), 20, "not always", _box(lambda box: box.dashed and not box.open)),
    Sign(_inside_of, 24, "its inside", _is_leader),
    Sign(_number, 14, "its inside", _box(_is_number)),
    Sign(_new, 38, "ancestor lacks it", _box(lambda box: box.fill == "ink" and box.height == accent.HIGH)),
)  # fmt: skip
"""In the order of the key: what flows, blocks, and what the page says of them."""
