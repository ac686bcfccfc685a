"""The order of a tower's storeys: one kind, a unit that repeats, two runs, or the commonest kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.figure.tower.layer_parts import Unit

Key = tuple[object, ...]
LONGEST, RUNS, BRANCHES, COVERED = 12, 3, 6, 0.8
"""Layers, runs and branches of a unit at most, and the share of the layers over which it repeats at least."""
SHOWN, TALL = 3, 5
"""Kinds that have a frame where no unit repeats, and branches of all of them; of two kinds one more."""


class Row(NamedTuple):
    """Units from one on: drawn, or told by name in one line."""

    first: int
    times: int
    frame: int
    units: tuple[int, ...]  # all that it stands for
    runs: tuple[tuple[int, int], ...] = ()  # of a line: where each run begins, and how long it is
    more: int = 0  # kinds that stand together in one line


class Order(NamedTuple):
    """The rows from the bottom up, and which of them repeat."""

    rows: tuple[Row, ...]
    repeats: int = 0
    braced: int = -1
    shown: tuple[int, int] = (0, 0)  # units
    ordered: bool = True
    by_mixer: bool = False  # whether layers are told apart by what mixes tokens alone


class _Fold(NamedTuple):
    """A unit that repeats."""

    left: int
    long: int
    start: int
    times: int


def order(units: Sequence[Unit]) -> Order:
    """The first of the forms that fits."""
    keys: list[Key] = [unit.key for unit in units]
    mixers: list[Key] = [unit.mixers for unit in units]
    several = max((len(unit.branches) for unit in units), default=1) > 1
    alone = all(len(unit.layers) == 1 for unit in units)
    by_mixer = not _folds(keys, units) and len(set(mixers)) < len(set(keys)) and several and alone
    return _ordered(mixers if by_mixer else keys, units)._replace(by_mixer=by_mixer)


def runs(keys: Sequence[Key], start: int, end: int) -> list[tuple[int, int]]:
    """Where each run begins, and how long it is."""
    found: list[tuple[int, int]] = []
    for at in range(start, end):
        if found and keys[found[-1][0]] == keys[at]:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((at, 1))
    return found


def _opening(keys: Sequence[Key]) -> int:
    """Units that open the stack in their own way."""
    count = next((i for i, key in enumerate(keys) if key != keys[0]), 0)
    return count if count <= max(3, len(keys) // 12) and keys.count(keys[0]) == count else 0


def _folding(keys: Sequence[Key], units: Sequence[Unit]) -> _Fold | None:
    first, end = _opening(keys), len(keys)
    best: _Fold | None = None
    for long in range(2, LONGEST + 1):
        for start in range(first, min(first + long, end)):
            unit, times = keys[start : start + long], 0
            while keys[start + times * long : start + (times + 1) * long] == unit:
                times += 1
            inside = runs(keys, start, min(start + long, end))
            once = len({keys[at] for at, _ in inside}) == len(inside) <= RUNS
            low = sum(len(units[at].branches) for at, _ in inside) <= BRANCHES
            if times >= 2 and times * long >= COVERED * (end - first) and once and low:
                made = _Fold(end - first - times * long, long, start, times)
                best = made if best is None else min(best, made)
    return best


def _folds(keys: Sequence[Key], units: Sequence[Unit]) -> bool:
    first = _opening(keys)
    return len(runs(keys, first, len(keys))) <= 2 or _folding(keys, units) is not None


def _ordered(keys: Sequence[Key], units: Sequence[Unit]) -> Order:
    end = len(keys)
    first = _opening(keys)
    below = [_line(keys, 0, first, 0)] if first else []
    rest = runs(keys, first, end)
    fold = _folding(keys, units)
    if len(rest) == 1:
        return Order((*below, _drawn(first, end - first)), shown=(first, end))
    if fold is not None:
        inside = runs(keys, fold.start, fold.start + fold.long)
        drawn = [_drawn(at, n, fold.times, fold.long) for at, n in inside]
        last = fold.start + fold.times * fold.long
        before = [_line(keys, first, fold.start, 0)] if fold.start > first else []
        above = [_line(keys, last, end, 2)] if last < end else []
        at = fold.start + fold.times // 2 * fold.long
        return Order((*below, *before, *drawn, *above), fold.times, 1, (at, at + fold.long))
    if len(rest) == 2:
        return Order((*below, *(_drawn(at, n) for at, n in rest)), shown=(first, end))
    return Order((*below, *_commonest(keys, first, units)), ordered=False)


def _drawn(first: int, times: int, repeats: int = 1, long: int = 0) -> Row:
    """A run of the unit that repeats, or one that comes once."""
    units = (first + k * long + i for k in range(repeats) for i in range(times))
    return Row(first, times, 1, tuple(units))


def _line(keys: Sequence[Key], start: int, end: int, frame: int) -> Row:
    """A line of names; of more than three runs how many layers they are."""
    inside, every = tuple(runs(keys, start, end)), tuple(range(start, end))
    return Row(start, end - start, frame, every, inside, len(inside) if len(inside) > RUNS else 0)


def _commonest(keys: Sequence[Key], first: int, units: Sequence[Unit]) -> list[Row]:
    """A frame for each of the commonest kinds, one of each mechanism before a second; the others by name."""
    counts = {key: keys.count(key) for key in keys[first:]}
    at = {key: keys.index(key, first) for key in counts}
    often = sorted(counts, key=lambda key: -counts[key])
    of_colour: dict[object, Key] = {}
    for key in often:
        of_colour.setdefault(_colour(units[at[key]]), key)
    leading = list(of_colour.values())
    shown, high = list[Key](), 0
    for key in (*leading, *(key for key in often if key not in leading)):
        tall = len(units[at[key]].branches)
        if high + tall <= TALL + (len(shown) < 2) and len(shown) < SHOWN:
            shown.append(key)
            high += tall
    shown.sort(key=at.__getitem__)
    held = {key: tuple(i for i in range(first, len(keys)) if keys[i] == key) for key in counts}
    rows = [Row(at[key], counts[key], 1 + i, held[key]) for i, key in enumerate(shown)]
    others = [key for key in often if key not in shown]
    if len(others) > RUNS:
        every = tuple(sorted(i for key in others for i in held[key]))
        run = at[others[0]], len(every)
        return [*rows, Row(*run, 9, every, (run,), len(others))]
    return [*rows, *(Row(at[k], counts[k], 9, held[k], ((at[k], counts[k]),)) for k in others)]


def _colour(unit: Unit) -> object:
    """The mechanism by which it mixes tokens."""
    parts = (part for branch in unit.branches for part in branch.parts)
    return next((part.colour for part in parts if not part.block.on_channels), None)
