"""The branches of several models side by side: which answer to which, and what became of their norms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from llm_gallery import mechanisms
from llm_gallery.comparison.change import Kind
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Branch, Fork, OneLayer, Step

Band = tuple[Branch | None, ...]
"""A branch of each model, None where one has none there."""


def bands(models: Sequence[OneLayer | None]) -> list[Band]:
    """The branches in their order, each beside those that do the same; a branch that only one has stands alone."""
    found: list[Band] = []
    for index, one in enumerate(models):
        branches = () if one is None else one.branches
        found = list(_joined(found, branches, index))
    return found


def _joined(known: Sequence[Band], branches: Sequence[Branch], index: int) -> Iterator[Band]:
    """As many that do the same as can be side by side, first to last."""

    def alike_at(i: int, j: int) -> int:
        return max(_likeness(one, branches[j]) for one in known[i] if one is not None)

    @cache
    def best(i: int, j: int) -> int:
        if i == len(known) or j == len(branches):
            return 0
        alike = alike_at(i, j)
        beside = alike + best(i + 1, j + 1) if alike else 0
        return max(beside, best(i + 1, j), best(i, j + 1))

    i = j = 0
    while i < len(known) or j < len(branches):
        both = i < len(known) and j < len(branches)
        alike = alike_at(i, j) if both else 0
        if alike and best(i, j) == alike + best(i + 1, j + 1):
            yield (*known[i], branches[j])
            i, j = i + 1, j + 1
        elif i < len(known) and best(i, j) == best(i + 1, j):
            yield (*known[i], None)
            i += 1
        else:
            yield (*[None] * index, branches[j])
            j += 1


def _likeness(one: Branch, other: Branch) -> int:
    """How much two branches do the same; 0 where they can't stand beside each other."""
    if one.added != other.added:
        return 0
    if not one.added:
        return 2 if titles(one.steps) == titles(other.steps) else 1
    mine, yours = _does(one), _does(other)
    does = 8 if mine == yours else 4 if mine & yours else 0
    if not does:
        return 0
    kinds = bool(_kinds(one) & _kinds(other))
    return does + 4 * kinds + (_norms(one) == _norms(other)) + (one.apart == other.apart)


def _does(branch: Branch) -> frozenset[str]:
    """Whether it mixes tokens, channels or both."""
    return frozenset(
        "tokens" if place.block.on_tokens else "channels" for place in branch.places if place.mixes
    )


def _kinds(branch: Branch) -> frozenset[str]:
    """The kinds of what mixes."""
    return frozenset(c.block.kind for p in branch.places if p.mixes for c in p.choices)


def _norms(branch: Branch) -> tuple[bool, bool]:
    """Whether something stands before and behind what it is about."""
    before, _, after = parted(branch)
    return bool(before), bool(after)


def parted(branch: Branch) -> tuple[tuple[Step, ...], Step | None, tuple[Step, ...]]:
    """What stands before the block that the branch is about, that block, and what stands behind it."""
    at = next((i for i, step in enumerate(branch.steps) if is_main(step)), None)
    if at is None:
        return branch.steps, None, ()
    return branch.steps[:at], branch.steps[at], branch.steps[at + 1 :]


def is_main(step: Step) -> bool:
    """Whether a branch is about it."""
    return isinstance(step, Fork) or step.mixes


def titles(steps: Sequence[Step]) -> tuple[str, ...]:
    """The names of what neither mixes nor forks."""
    return tuple(mechanisms.title(s.block) for s in steps if isinstance(s, Place) and not s.mixes)


def between(band: Band) -> Iterator[tuple[bool, int, Kind]]:
    """What became of norms and the like in two models' branch: whether the new one has it, its place's identity."""
    sides = (((), None, ()) if one is None else parted(one) for one in band)
    (was_before, _, was_after), (now_before, _, now_after) = sides
    # The nearest to the block answer to each other.
    yield from _ways(was_before[::-1], now_before[::-1])
    yield from _ways(was_after, now_after)


def _plain(steps: Sequence[Step]) -> list[Place]:
    return [step for step in steps if isinstance(step, Place) and not step.mixes]


def _ways(old: Sequence[Step], new: Sequence[Step]) -> Iterator[tuple[bool, int, Kind]]:
    for was, now in zip_longest(_plain(old), _plain(new)):
        if was is not None:
            yield False, id(was), "removed" if now is None else _renamed(was, now)
        if now is not None:
            yield True, id(now), "added" if was is None else _renamed(was, now)


def _renamed(old: Place, new: Place) -> Kind:
    same = mechanisms.title(old.block) == mechanisms.title(new.block)
    return "kept" if same else "changed"
