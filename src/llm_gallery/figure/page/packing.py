"""Insets in columns under the frame and what leads: the arrangement that leaves the least empty ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from llm_gallery.figure.page.insets import SizedInset
from llm_gallery.figure.plan.plan import Use

GUTTER = 20.0
"""Px between insets."""
STRETCH = 36.0
"""Px that an inset may be higher than its drawing before that looks empty."""


class Column(NamedTuple):
    """A column: its left edge, its width, where it begins, and px that what stands over it may grow."""

    left: float
    width: float
    top: float
    gives: float = 0.0


@dataclass(frozen=True, slots=True)
class Filled:
    """A column with its insets, from the top down."""

    column: Column
    insets: tuple[SizedInset, ...] = ()

    @property
    def bottom(self) -> float:
        """Where they end, as high as they need to be."""
        return self.column.top + sum(GUTTER + inset.height for inset in self.insets)

    def empty(self, bottom: float) -> float:
        """How much of the ground down to `bottom` is empty, in square px, worse where it lies in one."""
        spare = max(0.0, bottom - self.bottom - self.column.gives)
        parts = len(self.insets) or 1
        over = max(0.0, spare - STRETCH * len(self.insets))
        return self.column.width * (spare + 2.0 * over / parts)


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
        return sum(filled.empty(self.bottom) for filled in self.columns)


Size = Callable[[Use, float], SizedInset]
Fits = Callable[[Use, float], bool]


def arrangements(
    uses: Sequence[Use], settings: Sequence[Sequence[Column]], size: Size, fits: Fits
) -> Iterator[Arrangement]:
    """Every way to share the insets among columns of one of the settings, in their order within a column.

    `fits` says whether a mechanism may be drawn so wide.
    """
    for columns in settings:
        options = [
            [index for index, column in enumerate(columns) if fits(use, column.width)]
            for use in uses
        ]
        for places in product(*options):
            yield Arrangement(
                tuple(
                    Filled(
                        column,
                        tuple(
                            size(use, column.width)
                            for use, place in zip(uses, places, strict=True)
                            if place == index
                        ),
                    )
                    for index, column in enumerate(columns)
                )
            )
