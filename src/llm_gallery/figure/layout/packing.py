"""Insets in columns under the frame and what leads: the arrangement that leaves the least empty ground."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from llm_gallery.figure.layout.items import Item

GUTTER = 20.0
"""Px between insets."""
STRETCH = 30.0
"""Px that an inset may be higher than its drawing before that looks empty."""
FEW = 3
"""Insets up to which every arrangement is tried; more are shared out, the highest first."""


class Column(NamedTuple):
    """A column: its left edge, its width, where it begins, and px that what stands over it may grow."""

    left: float
    width: float
    top: float
    gives: float = 0.0

    def meets(self, other: Column) -> bool:
        """Whether one stands under the other."""
        return self.left < other.left + other.width and other.left < self.left + self.width


Heights = Callable[[Item, float], float]


class Filled(NamedTuple):
    """A column with its insets, from the top down, and the px that they need."""

    column: Column
    items: tuple[Item, ...] = ()
    heights: tuple[float, ...] = ()

    @property
    def bottom(self) -> float:
        """Where they end, as high as they need to be."""
        return self.column.top + sum(self.heights) + GUTTER * len(self.heights)

    def empty(self, bottom: float) -> float:
        """How much of the ground down to `bottom` is empty, in square px, worse where it lies in one."""
        spare = max(0.0, bottom - self.bottom - self.column.gives)
        over = max(0.0, spare - STRETCH * len(self.items))
        return self.column.width * (spare + 2.0 * over / (len(self.items) or 0.7))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Columns with their insets."""

    columns: tuple[Filled, ...]

    @property
    def bottom(self) -> float:
        """Where the longest column ends."""
        return max(filled.bottom for filled in self.columns)

    @property
    def empty(self) -> float:
        """Square px that hold nothing."""
        bottom = self.bottom
        return sum(filled.empty(bottom) for filled in self.columns)

    def over(self, end: Column) -> float:
        """Where what stands in a column over the insets may end."""
        tops = (f.column.top for f in self.columns if f.items and f.column.meets(end))
        return min(tops, default=self.bottom)


def arrangements(
    items: Sequence[Item],
    settings: Iterable[Sequence[Column]],
    high: Heights,
    worth: Callable[[float], bool],
) -> Iterator[Arrangement]:
    """Ways to share the insets among the columns of each setting, in their order within a column.

    Only those whose bottom is `worth` it: most are seen to be too high before anything else is known of them.
    """
    for columns in settings:
        options = [[n for n, c in enumerate(columns) if item.fits(c.width)] for item in items]
        if not all(options):
            continue
        sizes = [
            {n: high(item, columns[n].width) for n in fit}
            for item, fit in zip(items, options, strict=True)
        ]
        tops = [column.top for column in columns]
        places = product(*options) if len(items) <= FEW else _shared(tops, options, sizes)
        for chosen in places:
            held: list[list[float]] = [[] for _ in columns]
            for place, size in zip(chosen, sizes, strict=True):
                held[place].append(size[place])
            ends = (top + sum(own) + GUTTER * len(own) for top, own in zip(tops, held, strict=True))
            if worth(max(ends)):
                yield Arrangement(
                    tuple(
                        Filled(
                            column,
                            tuple(i for i, n in zip(items, chosen, strict=True) if n == number),
                            tuple(held[number]),
                        )
                        for number, column in enumerate(columns)
                    )
                )


def _shared(
    tops: Sequence[float], options: list[list[int]], sizes: list[dict[int, float]]
) -> Iterator[tuple[int, ...]]:
    """Each inset to the column that then ends highest: those with fewest places first, or the highest first."""
    size = [each[fit[0]] for each, fit in zip(sizes, options, strict=True)]
    orders = (
        sorted(range(len(size)), key=lambda n: (len(options[n]), -size[n])),
        sorted(range(len(size)), key=lambda n: -size[n]),
        list(range(len(size))),
    )
    seen = set()
    for order in orders:
        ends = list(tops)
        chosen = [0] * len(size)
        for number in order:
            wide = sizes[number]
            place = min(options[number], key=lambda n: ends[n] + wide[n])
            chosen[number] = place
            ends[place] += wide[place] + GUTTER
        if tuple(chosen) not in seen:
            seen.add(tuple(chosen))
            yield tuple(chosen)
