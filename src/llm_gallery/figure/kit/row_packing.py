"""Lanes of a tree on a date axis: which row each node stands in, so that nothing covers anything.

A child continues its parent's row where its name leaves room, and else branches off above or below.
A branch takes the nearest rows that are free over its whole extent, lines and names included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

UNIT = 7.0
"""Px of the finest step between rows."""
GAP = 7.0
"""Px between what stands on one row."""
TRUNK = 5.0
"""Px that a vertical line keeps free at either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What a node takes: a disc around (x, its row), and texts to the right of it."""

    x: float
    radius: float
    text: float  # px from the disc's right edge to the end of its name, 0 without
    lines: int = 1  # of text: the first on the row, others below
    parent: str | None = None
    heir: float = 0.0  # the child of most continues the row

    @property
    def end(self) -> float:
        """Where a line to the right may begin."""
        return self.x + self.radius + self.text


@dataclass(slots=True)
class _Branch:
    rows: dict[str, int]
    taken: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    def led(self, left: float, right: float) -> _Branch:
        """The same with a line that leads to its root."""
        whole = _Branch(dict(self.rows), {row: list(spans) for row, spans in self.taken.items()})
        whole.take(0, 0, left, right)
        return whole

    def take(self, first: int, last: int, left: float, right: float) -> None:
        for row in range(first, last + 1):
            self.taken.setdefault(row, []).append((left, right))

    def fits(self, other: _Branch, shift: int) -> bool:
        """Whether another branch, shifted, meets nothing of this one."""
        for row, spans in other.taken.items():
            here = self.taken.get(row + shift)
            if here and any(a < d and c < b for a, b in spans for c, d in here):
                return False
        return True

    def add(self, other: _Branch, shift: int) -> None:
        for name, row in other.rows.items():
            self.rows[name] = row + shift
        for row, spans in other.taken.items():
            self.taken.setdefault(row + shift, []).extend(spans)


def rows(slots: Mapping[str, Slot]) -> dict[str, int]:
    """The row of each node, in units from the top one; parents stand before children in `slots`."""
    below: dict[str | None, list[str]] = {}
    for name, slot in slots.items():
        below.setdefault(slot.parent if slot.parent in slots else None, []).append(name)
    grown: dict[str, _Branch] = {}
    for name in reversed(list(slots)):
        children = [(child, grown.pop(child)) for child in below.get(name, ())]
        grown[name] = _branch(name, slots, children)
    whole = _Branch({})
    for name in sorted(grown, key=lambda name: (-len(grown[name].rows), slots[name].x, name)):
        whole.add(grown[name], next(s for s in _outward(1) if whole.fits(grown[name], s)))
    top = min(whole.taken, default=0)
    return {name: whole.rows[name] - top for name in slots}


def _branch(
    name: str, slots: Mapping[str, Slot], children: Sequence[tuple[str, _Branch]]
) -> _Branch:
    slot = slots[name]
    branch = _Branch({name: 0})
    reach = ceil((slot.radius + 2) / UNIT)
    branch.take(-reach, reach, slot.x - slot.radius - GAP, slot.x + slot.radius + GAP)
    if slot.text:
        branch.take(-1, 2 * slot.lines - 1, slot.x + slot.radius, slot.end + GAP)
    waiting = sorted(children, key=lambda one: (-slots[one[0]].heir, one[0]))
    for child, grown in waiting:
        end = slots[child].x - slots[child].radius
        line = grown.led(slot.end + GAP, end)
        if end - slot.end >= 2 * GAP and branch.fits(line, 0):
            branch.add(line, 0)
            waiting.remove((child, grown))
            break
    waiting.sort(key=lambda one: (len(one[1].rows), -slots[one[0]].x, one[0]))
    side = 1
    for child, grown in waiting:
        line = grown.led(slot.x + TRUNK, slots[child].x)
        shift = next(s for s in _outward(side) if s and branch.fits(line, s))
        branch.add(line, shift)
        branch.take(min(0, shift), max(0, shift), slot.x - TRUNK, slot.x + TRUNK)
        side = -1 if shift > 0 else 1
    return branch


def _outward(side: int) -> Sequence[int]:
    """0, then away from it on both sides in turn, the given one first."""
    return [0, *(s * distance for distance in range(1, 4000) for s in (side, -side))]
