"""The branches of several models side by side: which answer to which, and what became of their norms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from llm_gallery import mechanisms
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.plan.one_layer import Columns, OneLayer, Place, Reading

Band = tuple[Reading | None, ...]
"""A branch of each model, None where one has none there."""
Step = Place | Columns


def bands(models: Sequence[OneLayer | None]) -> list[Band]:
    """The branches in their order, each beside those that do the same; a branch that only one has stands alone."""
    found: list[Band] = []
    for index, one in enumerate(models):
        branches = () if one is None else one.branches
        found = list(_joined(found, branches, index))
    return found


def _joined(known: Sequence[Band], branches: Sequence[Reading], index: int) -> Iterator[Band]:
    """As many that do the same as can be side by side, first to last."""

    @cache
    def best(i: int, j: int) -> int:
        if i == len(known) or j == len(branches):
            return 0
        alike = _alike(known[i], branches[j])
        beside = alike + best(i + 1, j + 1) if alike else 0
        return max(beside, best(i + 1, j), best(i, j + 1))

    i = j = 0
    while i < len(known) or j < len(branches):
        both = i < len(known) and j < len(branches)
        alike = _alike(known[i], branches[j]) if both else 0
        if alike and best(i, j) == alike + best(i + 1, j + 1):
            yield (*known[i], branches[j])
            i, j = i + 1, j + 1
        elif i < len(known) and best(i, j) == best(i + 1, j):
            yield (*known[i], None)
            i += 1
        else:
            yield (*[None] * index, branches[j])
            j += 1


def _alike(band: Band, branch: Reading) -> int:
    return max(_likeness(one, branch) for one in band if one is not None)


def _likeness(one: Reading, other: Reading) -> int:
    """How much two branches do the same; 0 where they can't stand beside each other."""
    if one.added != other.added:
        return 0
    if not one.added:
        return 2 if titles(one.steps) == titles(other.steps) else 1
    mine, yours = _does(one), _does(other)
    does = 8 if mine == yours else 4 if mine & yours else 0
    if not does:
        return 0
    alike = (
        bool(_kinds(one) & _kinds(other)),
        _norms(one) == _norms(other),
        one.apart == other.apart,
    )
    return does + 4 * alike[0] + alike[1] + alike[2]


def _does(branch: Reading) -> frozenset[str]:
    """Whether it mixes tokens, channels or both."""
    return frozenset(
        "tokens" if place.block.on_tokens else "channels" for place in branch.places if place.mixes
    )


def _kinds(branch: Reading) -> frozenset[str]:
    """The kinds of what mixes."""
    return frozenset(c.block.kind for p in branch.places if p.mixes for c in p.choices)


def _norms(branch: Reading) -> tuple[bool, bool]:
    """Whether something stands before and behind what it is about."""
    before, _, after = parted(branch)
    return bool(before), bool(after)


def parted(branch: Reading) -> tuple[tuple[Step, ...], Step | None, tuple[Step, ...]]:
    """What stands before the block that the branch is about, that block, and what stands behind it."""
    at = next((i for i, step in enumerate(branch.steps) if is_main(step)), None)
    if at is None:
        return branch.steps, None, ()
    return branch.steps[:at], branch.steps[at], branch.steps[at + 1 :]


def is_main(step: Step) -> bool:
    """Whether a branch is about it."""
    return isinstance(step, Columns) or step.mixes


def titles(steps: Sequence[Step]) -> tuple[str, ...]:
    """The names of what neither mixes nor forks."""
    return tuple(mechanisms.title(s.block) for s in steps if isinstance(s, Place) and not s.mixes)


def between(band: Band, index: int) -> Iterator[tuple[int, int, Kind]]:
    """What became of norms and the like from the first model to another one.

    Of each the model (0 or `index`) and the identity of its place.
    """
    old, new = band[0], band[index]
    sides = [((), None, ()) if one is None else parted(one) for one in (old, new)]
    (was_before, _, was_after), (now_before, _, now_after) = sides
    # The nearest to the block answer to each other.
    yield from _ways(_plain(reversed(was_before)), _plain(reversed(now_before)), index)
    yield from _ways(_plain(was_after), _plain(now_after), index)


def _plain(steps: Iterator[Step] | Sequence[Step]) -> list[Place]:
    return [step for step in steps if isinstance(step, Place) and not step.mixes]


def _ways(old: list[Place], new: list[Place], index: int) -> Iterator[tuple[int, int, Kind]]:
    for at in range(max(len(old), len(new))):
        was, now = (one[at] if at < len(one) else None for one in (old, new))
        if was is not None:
            yield 0, id(was), "removed" if now is None else _renamed(was, now)
        if now is not None:
            yield index, id(now), "added" if was is None else _renamed(was, now)


def _renamed(old: Place, new: Place) -> Kind:
    same = mechanisms.title(old.block) == mechanisms.title(new.block)
    return "kept" if same else "changed"
