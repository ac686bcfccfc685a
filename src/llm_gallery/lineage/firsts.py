"""Firsts of a design: concepts, pairs of concepts, sizes and choices that no design of a gallery has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeGuard

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.fact import UNSTATED
from llm_gallery.architecture.refusal import counted
from llm_gallery.comparison import Profile
from llm_gallery.comparison.block_facts import Plain
from llm_gallery.comparison.fingerprint import design
from llm_gallery.lineage.gallery import Gallery, Key, facts

Number = int | float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two concepts that no design has both of, and how many have each."""

    first: str
    second: str
    having: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Extreme:
    """A size that is more, or less, than that of any design that has such a size."""

    key: Key
    part: str  # what it is a size of, in words; "" for the whole model
    value: Number
    bound: Number  # the most that others have, or the least
    holder: Profile  # the first that has that
    designs: int  # that have such a size

    @property
    def more(self) -> bool:
        """Whether it is more than any."""
        return self.value > self.bound


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact in words that no design has, and how many have such a fact."""

    key: Key
    part: str  # what it is a fact of, in words; "" for the whole model
    value: str
    designs: int


@dataclass(frozen=True, slots=True)
class Firsts:
    """What no design has, the most telling first."""

    designs: int  # that were asked
    concepts: tuple[str, ...]
    pairs: tuple[Pair, ...]
    beyond: tuple[Extreme, ...]
    choices: tuple[Choice, ...]

    def __repr__(self) -> str:
        count = len(self.concepts) + len(self.pairs) + len(self.beyond) + len(self.choices)
        return f"<Firsts among {counted(self.designs, 'design')}: {count}>"

    def __bool__(self) -> bool:
        return bool(self.concepts or self.pairs or self.beyond or self.choices)


def firsts(profile: Profile, among: Gallery) -> Firsts:
    """What a model has and no design of the gallery; a model of the gallery is asked about against all designs but its own."""
    rest = among.without(design(profile)) if profile.listed else among
    mine, counts = concepts(profile.architecture.root), rest.counts()
    return Firsts(
        designs=len(rest.designs),
        concepts=tuple(concept for concept in mine if rest.designs and not counts[concept]),
        pairs=_pairs([concept for concept in mine if counts[concept]], rest),
        beyond=tuple(_extremes(profile, rest)),
        choices=tuple(_choices(profile, rest)),
    )


def _pairs(known: list[str], rest: Gallery) -> tuple[Pair, ...]:
    """Pairs of concepts that no design has both of, the commonest concepts first."""
    counts, of_designs = rest.counts(), list(rest.concepts.values())
    pairs = [
        Pair(first, second, (counts[first], counts[second]))
        for first, second in combinations(known, 2)
        if not any(first in having and second in having for having in of_designs)
    ]
    return tuple(sorted(pairs, key=lambda p: (-p.having[0] * p.having[1], p.first, p.second)))


def _extremes(profile: Profile, rest: Gallery) -> Iterator[Extreme]:
    """Sizes of whole and parts beyond those of two designs at least."""
    for key, values in _by_key(profile).items():
        numbers = {size: by for size, by in rest.facts.get(key, {}).items() if _number(size)}
        named = {name for by in numbers.values() for name in by}
        mine = [value for value in values if _number(value)]
        if len(named) < 2 or not mine:
            continue
        least, most = min(numbers), max(numbers)
        for value, bound, out in (
            (max(mine), most, max(mine) > most),
            (min(mine), least, min(mine) < least),
        ):
            if out:
                holder = _holder(rest, key, bound, numbers[bound][0])
                yield Extreme(key, _part(profile, key), value, bound, holder, len(named))


def _choices(profile: Profile, rest: Gallery) -> Iterator[Choice]:
    for key, values in _by_key(profile).items():
        known = rest.facts.get(key, {})
        named = {name for by in known.values() for name in by}
        for value in dict.fromkeys(values):
            if isinstance(value, str) and value != UNSTATED and known and value not in known:
                yield Choice(key, _part(profile, key), value, len(named))


def _part(profile: Profile, key: Key) -> str:
    """The label of the part whose fact it is."""
    return next((part.label for part in profile.parts if part.kind == key[0]), "")


def _by_key(profile: Profile) -> Mapping[Key, list[Plain]]:
    by_key: dict[Key, list[Plain]] = {}
    for key, value in facts(profile):
        by_key.setdefault(key, []).append(value)
    return by_key


def _number(value: Plain) -> TypeGuard[Number]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _holder(rest: Gallery, key: Key, value: Plain, name: str) -> Profile:
    """The first model of a design that has a value of a fact."""
    return next(design for design in rest.designs[name] if (key, value) in set(facts(design)))
