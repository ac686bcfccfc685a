"""Changes between two profiles, each with its level, its weight and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from llm_gallery.comparison.alignment import Pair, pairs
from llm_gallery.comparison.block_facts import Value, follows, several
from llm_gallery.comparison.change import Change, Kind, change, kind_of, numbers, share_of
from llm_gallery.comparison.fact_changes import fact_changes, rows
from llm_gallery.comparison.mechanism_changes import layout_changes, mechanism_changes
from llm_gallery.comparison.profile import Part, Profile, Role
from llm_gallery.mechanisms.facts import Level, term


class Row(NamedTuple):
    """One fact of two parts side by side; None where a part doesn't have it."""

    name: str
    label: str
    old: Value
    new: Value
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Two parts that answer to each other, or one that only one model has."""

    role: Role
    kind: Kind
    old: Part | None
    new: Part | None
    rows: tuple[Row, ...]


def aligned(old: Profile, new: Profile) -> tuple[Aligned, ...]:
    """Every part of both models, token mixers first."""
    return tuple(_aligned(pair) for role in ROLES for pair in _pairs(old, new, role))


def traits(old: Profile, new: Profile) -> tuple[Row, ...]:
    """The traits of the whole, side by side."""
    return tuple(_rows("", old.traits, new.traits))


def changes(old: Profile, new: Profile, of_traits: Iterable[Change]) -> tuple[Change, ...]:
    """All changes from the older to the newer, causes first, those first that say most."""
    unsorted = [*of_traits]
    for role in ROLES:
        unsorted += _of_role(role, _pairs(old, new, role))
    rank: dict[Level, int] = {"cause": 0, "scale": 1, "setting": 2}
    return tuple(sorted(unsorted, key=lambda change: (rank[change.level], _order(change))))


def _order(change: Change) -> float:
    """Causes by what they say; sizes and settings in the order of the model."""
    return -change.told if change.level == "cause" else 0.0


ROLES: tuple[Role, ...] = ("token_mixer", "channel_mixer")


def _pairs(old: Profile, new: Profile, role: Role) -> tuple[Pair, ...]:
    return pairs(old.of_role(role), new.of_role(role))


def _aligned(pair: Pair) -> Aligned:
    part = pair.new or pair.old
    assert part is not None
    if pair.old is None or pair.new is None:
        facts = tuple(_rows(part.kind, _facts(pair.old), _facts(pair.new)))
        kind: Kind = "added" if pair.old is None else "removed"
        return Aligned(role=part.role, kind=kind, old=pair.old, new=pair.new, rows=facts)
    facts = tuple(_rows(part.kind, pair.old.facts, pair.new.facts))
    alike = pair.old.place.pattern == pair.new.place.pattern
    same = alike and all(row.kind == "kept" for row in facts)
    return Aligned(
        role=part.role, kind="kept" if same else "changed", old=pair.old, new=pair.new, rows=facts
    )


def _facts(part: Part | None) -> Mapping[str, Value]:
    return {} if part is None else part.facts


def _rows(kind: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> Iterator[Row]:
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        label = term(name, kind, number=numbers(before, after)).label
        yield Row(name=name, label=label, old=before, new=after, kind=kind_of(before, after))


def trait_changes(old: Profile, new: Profile) -> Iterator[Change]:
    """Changes of the whole, which are found without a look at the layers."""
    olds, news = old.traits, new.traits
    for name in dict.fromkeys((*news, *olds)):
        before, after = olds.get(name), news.get(name)
        if kind_of(before, after) == "kept" or _trait_follows(name, old.traits, new.traits):
            continue
        if name != "context" or _longer_or_shorter(old, new):
            found_change = change("", name, before, after, role="model")
            wired = {*several(before), *several(after)}
            implied = name == "wiring" and not wired.isdisjoint(IMPLIED) and PARALLEL not in wired
            yield replace(found_change, brought=True, told=0.0) if implied else found_change


IMPLIED = ("one", "t + t, c")
"""Wirings that follow from which layers have which mixers: those that came or went say so."""
PARALLEL = "t + c"
"""The wiring of a parallel block, which no mixer implies."""


def _longer_or_shorter(old: Profile, new: Profile) -> bool:
    """Whether two contexts that differ say something of the designs.

    Of two that their configs state alike, one may be published by the authors and the other not:
    DeepSeek V3.2 is said to be for 131,072 tokens, and DeepSeek V3.2-Exp states 163,840 as V3.2 does.
    """
    both = old.publishes_context and new.publishes_context
    if old.configured_context == new.configured_context and not both:
        return False
    if old.assumes_context or new.assumes_context:
        return False
    contexts = (old.traits.get("context"), new.traits.get("context"))
    return None not in contexts or _limited(old) or _limited(new)


def _limited(profile: Profile) -> bool:
    """Whether a model can't read on for ever: a state alone has no end, whatever length it was trained at."""
    return any(part.block.attends for part in profile.parts)


def _trait_follows(name: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> bool:
    """Whether a trait differs only because another one does."""
    if name == "final_norm":  # merely of the sort that the layers have
        return all(profile.get("final_norm") == profile.get("norm") for profile in (old, new))
    if name == "activation":  # without an MLP there is none
        return (name in old) != (name in new)
    return follows(name, old, new)


def _of_role(role: Role, pairs: Sequence[Pair]) -> Iterator[Change]:
    changes = tuple(_of_pairs(role, pairs))
    yield from changes
    if not any(change.key.endswith((".position", ".full", ".no_positions")) for change in changes):
        yield from _positions_lost(
            role,
            [pair.old for pair in pairs if pair.old is not None],
            [pair.new for pair in pairs if pair.new is not None],
        )


def _positions_lost(role: Role, old: Sequence[Part], new: Sequence[Part]) -> Iterator[Change]:
    """Positions that came or went with all the parts that knew them, while others stayed without."""
    known = [[p for p in parts if "position" in p.facts and p.rotated] for parts in (old, new)]
    unknown = [
        [p for p in parts if "position" in p.facts and not p.rotated] for parts in (old, new)
    ]
    without = unknown[1] if known[0] else unknown[0]
    if bool(known[0]) == bool(known[1]) or not without:
        return
    share = min(1.0, sum(map(share_of, known[0] or known[1])))
    values = [parts[0].facts["position"] if parts else "none" for parts in known]
    yield change("attention", "position", *values, role=role, share=share)


def _of_pairs(role: Role, pairs: Sequence[Pair]) -> Iterator[Change]:
    gone = [pair.old for pair in pairs if pair.old is not None and pair.new is None]
    come = [pair.new for pair in pairs if pair.new is not None and pair.old is None]
    both = [(pair.old, pair.new) for pair in pairs if pair.old is not None and pair.new is not None]
    if gone or come:
        yield from mechanism_changes(role, gone, come, both)
    else:
        yield from layout_changes(role, both)
    olds, news = ([*only, *(pair[i] for pair in both)] for i, only in ((0, gone), (1, come)))
    for kind in dict.fromkeys(old.kind for old, _ in both):
        compared = rows(
            [pair for pair in both if pair[0].kind == kind],
            [part for part in gone if part.kind == kind],
            [part for part in come if part.kind == kind],
        )
        others = tuple([part for part in parts if part.kind != kind] for parts in (olds, news))
        yield from fact_changes(role, kind, compared, (others[0], others[1]))
