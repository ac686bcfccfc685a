"""One change between two models: its level, its weight and its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log2, sqrt
from typing import Literal

from llm_gallery.comparison.block_facts import UNKNOWN, Value
from llm_gallery.comparison.phrases import phrase
from llm_gallery.comparison.profile import Part, Role
from llm_gallery.mechanisms.facts import Level, Term, term

PADDING = 0.03
"""Doublings by which a vocabulary grows when it is padded to a round size."""

FARTHEST = 2.0
"""Doublings from which on two counts are altogether different."""

REMEMBERED = 2**15
"""Changes that are kept: 150 models differ in 11,000 pairs, and in some 10,000 different changes."""

_NUMBERS = frozenset((int, float, tuple))
"""Types that are numbers, or several of them; `bool` is another."""

Kind = Literal["kept", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a designer, or a larger budget, made different."""

    key: str  # stable: "attention.heads", "moe.experts", "layers", "token_mixer.mechanism"
    role: Role
    part: str  # which of several parts of one mechanism, in words; "" where it holds for all
    kind: Kind
    level: Level
    label: str
    old: Value
    new: Value
    weight: float
    words: str  # a phrase that stands after "with"
    told: float  # what it weighs where words are few: what says most of a model leads
    about: str = ""  # its theme, where neither its fact nor its part says it
    brought: bool = False  # by a mechanism that came or went, whose weight holds for it too


def kind_of(old: Value, new: Value) -> Kind:
    """What happened to a fact; of one that is unknown on either side nothing is told."""
    if old == new or UNKNOWN in (old, new):
        return "kept"
    return "added" if old is None else "removed" if new is None else "changed"


@lru_cache(REMEMBERED, typed=True)
def change(
    kind: str,
    name: str,
    old: Value,
    new: Value,
    *,
    role: Role,
    part: str = "",
    share: float = 1.0,
    brought: bool = False,
) -> Change:
    """The change of one fact of a block of that kind ("" for a trait of the whole).

    `part` says in which layers, where others differ; `share` how many of the layers it concerns. One that is
    `brought` by a mechanism weighs nothing beside it.
    """
    known = term(name, kind, number=numbers(old, new))
    weight = share * _weight(known, old, new)
    what = kind_of(old, new)
    level: Level = "cause" if known.level == "scale" and what != "changed" else known.level
    return Change(
        key=f"{kind}.{name}" if kind else name,
        role=role,
        part=part,
        kind=what,
        level=level,
        label=known.noun,
        old=old,
        new=new,
        weight=0.0 if brought else round(weight, 3),
        words=phrase(kind, name, old, new, part),
        told=round(weight / sqrt(share) * known.tells * _far(known, old, new), 3),
        brought=brought,
    )


def _weight(known: Term, old: Value, new: Value) -> float:
    if old is None or new is None:
        return known.weight
    if known.level != "scale":
        return known.step
    before, after = _size(old), _size(new)
    doublings = abs(log2(after / before)) if before > 0 and after > 0 else 1.0
    return known.step * doublings + (known.base if doublings > PADDING else 0.0)


def _far(known: Term, old: Value, new: Value) -> float:
    """How far apart two counts that a designer chose are: a window of 129 tokens instead of 128 says nothing."""
    if known.level != "cause" or not numbers(old, new):
        return 1.0
    before, after = _size(old), _size(new)
    return min(FARTHEST, abs(log2(after / before))) if before > 0 and after > 0 else 1.0


def _size(value: Value) -> float:
    """A number, or the mean where the layers differ."""
    if isinstance(value, tuple):
        numbers = [float(size) for size in value if isinstance(size, int | float)]
        return sum(numbers) / max(1, len(numbers))
    return float(value) if isinstance(value, int | float) else 0.0


def numbers(*values: Value) -> bool:
    """Whether all are numbers, so that one can be larger than another."""
    return _NUMBERS.issuperset(map(type, values))


def share_of(part: Part) -> float:
    """Share of its model's layers in which a part stands."""
    return part.place.count / part.place.of


def once(changes: Iterable[Change]) -> list[str]:
    """The words of changes in order; what two parts change alike is said once."""
    return list(dict.fromkeys(change.words for change in changes))
