"""Which part of one model answers to which of the other, by role and mechanism; and layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import NamedTuple

from llm_gallery.comparison.profile import Part, Profile


class Pair(NamedTuple):
    """A part of the older model and what it became; one side is None where the other has no such part."""

    old: Part | None
    new: Part | None


def pairs(old: Sequence[Part], new: Sequence[Part]) -> tuple[Pair, ...]:
    """The parts of one role side by side: those of one mechanism are joined, the nearest first.

    What differs in reach and in positions is joined only where neither model has other such parts.
    The same pairs come out of both directions.
    """
    candidates = [
        (i, j)
        for i, j in product(range(len(old)), range(len(new)))
        if old[i].kind == new[j].kind
        and (_likeness(old[i], new[j]) or (_only(old[i], old) and _only(new[j], new)))
    ]
    candidates.sort(key=lambda ij: _nearness(old[ij[0]], new[ij[1]]))
    partner: dict[int, int] = {}
    for i, j in candidates:
        if i not in partner and j not in partner.values():
            partner[i] = j
    joined = [Pair(part, new[partner[i]] if i in partner else None) for i, part in enumerate(old)]
    joined += [Pair(None, part) for j, part in enumerate(new) if j not in partner.values()]
    return tuple(joined)


def nearest(part: Part, others: Sequence[Part]) -> Part:
    """Of the parts of the same mechanism in another model the one most like it."""
    return min(others, key=lambda other: _nearness(part, other))


def _nearness(old: Part, new: Part) -> tuple[int, list[tuple[str, ...]]]:
    """Reach tells parts of one mechanism apart more than positions do; the rest is order only."""
    return -_likeness(old, new), sorted((old.key, new.key))


def _likeness(old: Part, new: Part) -> int:
    return 2 * (old.reach == new.reach) + (old.rotated == new.rotated)


def _only(part: Part, parts: Sequence[Part]) -> bool:
    return all(other is part or other.kind != part.kind for other in parts)


@dataclass(frozen=True, slots=True)
class Step:
    """`count` layers in a row that answer to each other, or that only one of the models has."""

    old: int | None  # index of the first layer
    new: int | None
    count: int
    same: bool  # mixers of the same mechanisms


def schedule(old: Profile, new: Profile) -> tuple[Step, ...]:
    """The two stacks layer by layer, as many equal layers as can be side by side, first to last."""
    return aligned_layers(old.layer_mixers, new.layer_mixers)


def aligned_layers(left: Sequence[str], right: Sequence[str]) -> tuple[Step, ...]:
    """The same for any two stacks, each layer told by what it mixes by."""
    return tuple(_joined(_steps(left, right)))


def _steps(left: Sequence[str], right: Sequence[str]) -> Iterator[Step]:
    """Edit distance: a layer that becomes another costs 2, one that is added or removed 3.

    Layers on both sides therefore stand beside each other wherever they can; equal ones always, where
    a way leads to both. So what two stacks begin with needs no search, and stacks without an equal
    layer stand beside each other from there on.
    """
    rows, columns = len(left), len(right)
    i = j = 0
    while i < min(rows, columns) and left[i] == right[i]:
        yield Step(i, i, 1, True)
        i = j = i + 1
    searched = not set(left[i:]).isdisjoint(right[j:])
    cost = _costs(left, right, i) if searched else []
    while i < rows or j < columns:
        both = i < rows and j < columns
        same = both and left[i] == right[j]
        if both and (same or not cost or cost[i][j] == 2 + cost[i + 1][j + 1]):
            yield Step(i, j, 1, same)
            i, j = i + 1, j + 1
        elif i < rows and (not both or cost[i][j] == 3 + cost[i + 1][j]):
            yield Step(i, None, 1, False)
            i += 1
        else:
            yield Step(None, j, 1, False)
            j += 1


def _costs(left: Sequence[str], right: Sequence[str], first: int) -> list[list[int]]:
    """What it costs from each layer on, from the first that is asked for; [] for those before it."""
    rows, columns = len(left), len(right)
    below = [3 * (columns - j) for j in range(columns + 1)]
    cost = [below]
    for i in range(rows - 1, first - 1, -1):
        layer, beside = left[i], 3 * (rows - i)
        row = [beside] * (columns + 1)
        for j in range(columns - 1, first - 1, -1):
            least = below[j + 1]
            if layer != right[j]:
                least += 2
                alone = 3 + (below[j] if below[j] < beside else beside)
                least = min(alone, least)
            row[j] = beside = least
        cost.append(row)
        below = row
    return [*([[]] * first), *reversed(cost)]


def _joined(steps: Iterator[Step]) -> Iterator[Step]:
    """Neighbours of one sort as one step."""
    for (has_old, has_new, same), run in groupby(
        steps, key=lambda step: (step.old is not None, step.new is not None, step.same)
    ):
        first, *rest = run
        yield Step(
            first.old if has_old else None, first.new if has_new else None, 1 + len(rest), same
        )
