"""Counts as squares: one a head or an expert, those that belong together standing together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from llm_gallery.figure.kit import signs
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.signs import SquareRow

APART, BETWEEN = 0.8, 0.2
"""Px between clusters and between squares, each for one px from square to square."""


COUNTABLE = 4096
"""Squares beyond which nobody could see one: then the number stands in their place."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`groups` clusters of `each` squares: `across` clusters in a row, `columns` squares in a cluster's."""

    groups: int
    each: int
    across: int
    columns: int
    pitch: float

    @property
    def countable(self) -> bool:
        """Whether there are few enough squares to be drawn."""
        return self.groups * self.each <= COUNTABLE

    @property
    def side(self) -> float:
        """Px of a square's edge."""
        return self.pitch * (1 - BETWEEN)

    @property
    def rows(self) -> int:
        """Rows of squares in a cluster."""
        return -(-self.each // self.columns)

    @property
    def step(self) -> tuple[float, float]:
        """Px from one cluster to the next, across and down."""
        apart = APART if self.each > 1 else 0.0
        return (self.columns + apart) * self.pitch, (self.rows + apart) * self.pitch

    @property
    def size(self) -> tuple[float, float]:
        """Px of the whole, across and down."""
        down = -(-self.groups // self.across)
        lost = (BETWEEN + (APART if self.each > 1 else 0.0)) * self.pitch
        return self.across * self.step[0] - lost, down * self.step[1] - lost

    def place(self, number: int) -> tuple[float, float]:
        """The upper left corner of a square, counted through the clusters."""
        cluster, inside = divmod(number, self.each)
        row, column = divmod(inside, self.columns)
        down, across = divmod(cluster, self.across)
        return across * self.step[0] + column * self.pitch, down * self.step[1] + row * self.pitch


@lru_cache(maxsize=1024)
def grid(groups: int, each: int, width: float, height: float, largest: float = 6.0) -> Grid:
    """The arrangement with large squares, few rows of clusters and few empty places."""
    best, arrangement = -1.0, Grid(groups, each, 1, 1, 0.0)
    if not arrangement.countable:
        return arrangement
    apart = APART if each > 1 else 0.0
    for columns in range(1, each + 1):
        rows = -(-each // columns)
        for across in range(1, groups + 1):
            down = -(-groups // across)
            wide = across * (columns + apart) - apart - BETWEEN
            high = down * (rows + apart) - apart - BETWEEN
            pitch = min(largest, width / wide, height / high)
            filled = each / (columns * rows) * groups / (across * down)
            worth = pitch * (1.0 if filled == 1 else 0.6 * filled) * 0.9 ** (down - 1)
            worth *= min(1.0, (columns / rows) ** 0.15)
            if worth > best + 1e-9:
                best, arrangement = worth, Grid(groups, each, across, columns, pitch)
    return arrangement


def heads(queries: int, keys: int, width: float, height: float) -> tuple[Grid, Grid]:
    """Query heads in clusters that share a key, and the keys in the clusters' order."""
    if queries == keys:
        alone = grid(1, queries, width, height)
        return alone, alone
    asked = grid(keys, queries // keys, width, height)
    if not asked.countable:
        return asked, grid(1, keys, width, height)
    return asked, Grid(keys, 1, asked.across, 1, min(asked.pitch * 1.2, 6.0))


def squares(
    shown: Grid, x: float, y: float, role: str, clusters: Iterable[int] | None = None
) -> Mark:
    """The squares of some clusters, or of all, around the centre (x, y)."""
    rows: list[SquareRow] = []
    for cluster in range(shown.groups) if clusters is None else clusters:
        for first in range(0, shown.each, shown.columns):
            inside = min(shown.columns, shown.each - first)
            place = shown.place(cluster * shown.each + first)
            rows.append((*place, (inside - BETWEEN) * shown.pitch))
    corner, gap = (x - shown.size[0] / 2, y - shown.size[1] / 2), shown.pitch * BETWEEN
    return signs.squares(*corner, rows, role, side=shown.side, gap=gap)


def lit(shown: Grid, x: float, y: float, role: str, numbers: Iterable[int]) -> Mark:
    """Single squares of a grid around the centre (x, y), filled."""
    (wide, high), path = shown.size, signs.filled(map(shown.place, numbers), shown.side)
    return Mark(x - wide / 2, y - high / 2, path, width=wide, height=high, fill=role)


def spread(count: int, among: int, start: float = 0.31) -> tuple[int, ...]:
    """`count` of `among` numbers, scattered evenly and always the same: an illustration of a choice."""
    taken: set[int] = set()
    for i in range(min(count, among)):
        number = int((start + i * 0.618034) % 1 * among)
        while number in taken:
            number = (number + 1) % among
        taken.add(number)
    return tuple(sorted(taken))
