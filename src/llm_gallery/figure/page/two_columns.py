"""Two columns of a page to scroll: the layers' frames with insets beside and under them, the others across."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple

from llm_gallery.figure.kit.shapes import Picture, Point
from llm_gallery.figure.page import layer_frame
from llm_gallery.figure.page.content import Content
from llm_gallery.figure.page.drawn import Drawn
from llm_gallery.figure.page.insets import SizedInset
from llm_gallery.figure.page.items import Item, Standing

GUTTER = 20.0
"""Px between insets."""
APART = 28.0
"""Px between frames."""
LEAST = 372.0
"""Px at which a drawing must fit to stand in a column that is a little narrower."""
STRETCH = 84.0
"""Px that an inset may be higher than it must be: its gaps are spread."""
EASY = 40.0
"""Px of that which nobody sees."""
ALONE = 1e5
"""What it costs, in square px, that the frame takes all the width though there is an inset to stand beside it."""
FEW, MOST = 2, 5
"""Insets up to which each may have its picture, and up to which every way is tried; the others stand across."""

LOW, MOST_MORE = 120.0, 36.0
"""Px that a frame over insets is lower than what stands beside them, grown as others are, from which its gaps grow more.

Nothing else can take what is spare under one that stands alone: its gaps grow more in any case.
"""

Place = Literal["left", "right", "across"]
Placed = list[tuple[Point, Picture]]


class Way(NamedTuple):
    """Frames, and insets with their places."""

    opened: bool
    items: tuple[tuple[Item, Place], ...]

    @property
    def alone(self) -> bool:
        """Whether no inset stands beside the frames."""
        return all(place == "across" for _, place in self.items)


class Columns(NamedTuple):
    """The two columns from a height down: what was drawn for them, left edge, width of each."""

    drawn: Drawn
    left: float
    wide: float

    @property
    def page(self) -> Content:
        """The page that they are of."""
        return self.drawn.page

    @property
    def room(self) -> float:
        """Px of both."""
        return 2 * self.wide + GUTTER

    def frames(self, way: Way, more: float = 0.0) -> list[Picture]:
        """The frames; one alone takes all the width."""
        alone = way.alone and len(self.page.layers) == 1
        return self.drawn.frames(self.room if alone else self.wide, more, opened=way.opened)


class Chosen(NamedTuple):
    """The columns with what stands in them, and px² that stay empty in one piece."""

    columns: Columns
    way: Way
    empty: float

    def put(self, y: float) -> tuple[float, Placed]:
        """All of it from y down; gives back where it ends."""
        return _placed(self.columns, self.way, y)


def chosen(drawn: Drawn, others: Sequence[Item], left: float, wide: float) -> Chosen:
    """Frames and insets where the least ground stays empty."""
    columns = Columns(drawn, left, wide)
    beside = any(fits(item, columns.wide) for item in others)
    best = min(_ways(columns, others), key=lambda way: _cost(columns, way, beside=beside))
    return Chosen(columns, best, _empty(columns, best))


def _empty(columns: Columns, way: Way) -> float:
    """Px² of the largest piece of ground that stays empty: beside a frame, or under a column."""
    frames = columns.frames(way)
    if way.alone and len(frames) == 1:
        return columns.wide * frames[0].height
    left, right = _sides(columns, way, frames)
    if way.alone:
        return columns.wide * abs(left - right)
    grows = len(_own(way, "right" if right < left else "left"))
    gives = STRETCH * grows + (_gives(columns.page) if left < right else 0.0)
    return columns.wide * (abs(left - right) - gives)


def fits(item: Item, wide: float) -> bool:
    """Whether an inset may stand in a column so wide."""
    return item.fits(max(wide, LEAST))


def _ways(columns: Columns, others: Sequence[Item]) -> Iterator[Way]:
    """Every way to share the insets among the columns; an MLP that stands open in its frame has no inset."""
    for opened in (False, True) if columns.page.openable else (False,):
        shown = [item for item in others if not (opened and item.plain)]
        few = len(shown) <= FEW
        options = [list(_options(columns, item, pictured=few)) for item in shown[:MOST]]
        options += [[(item, "across")] for item in shown[MOST:]]
        for items in product(*options):
            yield Way(opened, items)


def _options(columns: Columns, item: Item, *, pictured: bool) -> Iterator[tuple[Item, Place]]:
    """Where an inset may stand: across only what doesn't fit a column, and a mixture, which shows an expert there."""
    narrow = fits(item, columns.wide)
    if narrow:
        for one in item.forms[: 3 if pictured else 2]:
            yield one, "left"
            yield one, "right"
    if not narrow or item.mixes_experts:
        yield item, "across"


def _own(way: Way, place: Place) -> list[Item]:
    return [item for item, at in way.items if at == place]


def _stack(heights: Iterable[float]) -> float:
    return sum(high + GUTTER for high in heights)


def _cost(columns: Columns, way: Way, *, beside: bool) -> float:
    """Empty ground, height, and gaps that are spread far; `beside` says whether an inset may stand at the frame."""
    frames = columns.frames(way)
    left, right = _sides(columns, way, frames)
    across = _stack(columns.drawn.sized(item, columns.room).height for item in _own(way, "across"))
    alone = way.alone
    spare = 0.0 if alone else abs(left - right)
    grows = len(_own(way, "right" if right < left else "left"))
    if left < right:
        spare = max(0.0, spare - _gives(columns.page))
    empty = max(0.0, spare - STRETCH * grows)
    spread = max(0.0, min(spare, STRETCH * grows) - EASY * grows)
    cost = columns.wide * (3 * empty + 0.6 * spread) + 200 * (max(left, right) + across)
    return cost + (ALONE if alone and beside else 0.0)


def _sides(columns: Columns, way: Way, frames: Sequence[Picture]) -> tuple[float, float]:
    """Px that each column needs."""
    if way.alone and len(frames) > 1:
        return _frames_high(frames[::2]) + GUTTER, _frames_high(frames[1::2]) + GUTTER
    left, right = (
        _stack(columns.drawn.sized(item, columns.wide).height for item in _own(way, place))
        for place in ("left", "right")
    )
    return left + _frames_high(frames) + GUTTER, right


def _frames_high(frames: Sequence[Picture]) -> float:
    return sum(frame.height for frame in frames) + APART * (len(frames) - 1)


def _gives(page: Content) -> float:
    """Px that the gaps in the frame may grow together."""
    if len(page.layers) > 1:
        return 0.0
    return layer_frame.MOST_MORE * (layer_frame.gaps(page.layers[0]) - len(page.layers[0].branches))


def _placed(columns: Columns, way: Way, y: float) -> tuple[float, Placed]:
    """Both columns with what is spare shared out, and what stands across under them."""
    frames = columns.frames(way)
    if way.alone and len(frames) > 1:
        return _across(columns, way, *_side_by_side(columns, frames, y))
    own = {
        place: [columns.drawn.sized(item, columns.wide) for item in _own(way, place)]
        for place in ("left", "right")
    }
    high = {place: _stack(each.height for each in held) for place, held in own.items()}
    high["left"] += _frames_high(frames) + GUTTER
    if own["left"] or own["right"]:
        frames, grown = _grown(columns, way, frames, high["right"] - high["left"])
        high["left"] += grown
    placed: Placed = []
    low = y
    for frame in frames:
        placed.append((Point(columns.left, low), frame))
        low += frame.height + APART
    tops = {"left": low - APART + GUTTER, "right": y}
    x = {"left": columns.left, "right": columns.left + columns.wide + GUTTER}
    bottom = y + max(high.values())
    for place, held in own.items():
        spare = bottom - y - high[place]
        at = tops[place]
        for each, more in zip(held, _shares(held, spare), strict=True):
            placed.append((Point(x[place], at), each.stretched(each.height + more)))
            at += each.height + more + GUTTER
    return _across(columns, way, bottom, placed)


def _side_by_side(columns: Columns, frames: Sequence[Picture], y: float) -> tuple[float, Placed]:
    """Frames by turns at the left and at the right from y down; gives back where what stands under them begins."""
    placed: Placed = []
    ends = [y, y]
    for index, frame in enumerate(frames):
        side = index % 2
        placed.append((Point(columns.left + side * (columns.wide + GUTTER), ends[side]), frame))
        ends[side] += frame.height + APART
    return max(ends) - APART + GUTTER, placed


def _across(columns: Columns, way: Way, y: float, placed: Placed) -> tuple[float, Placed]:
    """Insets that take all the width, under what is placed; gives back where they end."""
    for item in _own(way, "across"):
        sized = columns.drawn.sized(item, columns.room)
        placed.append((Point(columns.left, y), sized.stretched(sized.height)))
        y += sized.height + GUTTER
    return y - GUTTER, placed


def _grown(
    columns: Columns, way: Way, frames: list[Picture], spare: float
) -> tuple[list[Picture], float]:
    """The frame with its gaps grown by what is spare, as far as they give, and by how much."""
    if spare < 1 or len(frames) > 1:
        return frames, 0.0
    natural = _frames_high(frames)
    each = columns.frames(way, 1.0)
    gain = _frames_high(each) - natural  # of a px in every gap
    if gain <= 0:
        return frames, 0.0
    most = layer_frame.MOST_MORE
    if spare - most * gain > (LOW if _own(way, "left") else 0.0):
        most = MOST_MORE
    grown = columns.frames(way, min(most, spare / gain))
    return grown, _frames_high(grown) - natural


def _shares(held: Sequence[SizedInset | Standing], spare: float) -> list[float]:
    """How much higher each inset of a column is made; what is spare after that stays empty under them."""
    grow = [not isinstance(each, Standing) for each in held]
    each = min(STRETCH, spare / max(1, sum(grow)))
    return [each if grows else 0.0 for grows in grow]
