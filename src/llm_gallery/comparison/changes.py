"""What changed between two portraits, each change with its level, its weight and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import Literal

from llm_gallery.comparison.align import Pair, pairs
from llm_gallery.comparison.phrases import phrase, replaced, relaid
from llm_gallery.comparison.portrait import Part, Place, Portrait, Role, Value
from llm_gallery.comparison.vocabulary import LAYOUT, MECHANISM, PREFIX, Level, term

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
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


def aligned(old: Portrait, new: Portrait) -> tuple[Aligned, ...]:
    """Every part of both models, token mixers first."""
    return tuple(_aligned(pair) for role in ROLES for pair in _pairs(old, new, role))


def traits(old: Portrait, new: Portrait) -> tuple[Row, ...]:
    """The traits of the whole, side by side."""
    return tuple(_rows("", old.traits, new.traits))


def changes(old: Portrait, new: Portrait) -> tuple[Change, ...]:
    """All changes from the older to the newer, causes first, the weightiest of each level first."""
    found = [*_of_traits(old, new)]
    for role in ROLES:
        found += _of_role(role, _pairs(old, new, role))
    rank: dict[Level, int] = {"cause": 0, "scale": 1, "setting": 2}
    return tuple(sorted(found, key=lambda change: rank[change.level]))


ROLES: tuple[Role, ...] = ("token_mixer", "channel_mixer")

FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "position": ("rope_base", "rope_scaling", "rope_factor", "original_context", "rotated_share"),
    "rope_scaling": ("rope_factor", "original_context"),
    "sharing": ("kv_heads",),
    "groups": ("groups_used",),
    "shared": ("shared_gate", "shared_inner"),
}
"""Facts that one model has and the other hasn't because another fact changed."""


def kind_of(old: Value, new: Value) -> Kind:
    """What happened to a fact."""
    if old == new:
        return "kept"
    return "added" if old is None else "removed" if new is None else "changed"


def _pairs(old: Portrait, new: Portrait, role: Role) -> tuple[Pair, ...]:
    return pairs(
        [part for part in old.parts if part.role == role],
        [part for part in new.parts if part.role == role],
    )


def _aligned(pair: Pair) -> Aligned:
    one = pair.new or pair.old
    assert one is not None
    if pair.old is None or pair.new is None:
        held = tuple(_rows(one.kind, _facts(pair.old), _facts(pair.new)))
        kind: Kind = "added" if pair.old is None else "removed"
        return Aligned(role=one.role, kind=kind, old=pair.old, new=pair.new, rows=held)
    held = tuple(_rows(one.kind, pair.old.facts, pair.new.facts))
    same = all(row.kind == "kept" for row in held) and pair.old.place.words == pair.new.place.words
    return Aligned(
        role=one.role, kind="kept" if same else "changed", old=pair.old, new=pair.new, rows=held
    )


def _facts(part: Part | None) -> Mapping[str, Value]:
    return {} if part is None else part.facts


def _rows(kind: str, old: Mapping[str, Value], new: Mapping[str, Value]) -> Iterator[Row]:
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        label = term(kind, name, _numbers(before, after)).label
        yield Row(name=name, label=label, old=before, new=after, kind=kind_of(before, after))


def _of_traits(old: Portrait, new: Portrait) -> Iterator[Change]:
    names = dict.fromkeys((*new.traits, *old.traits))
    for name in names:
        before, after = old.traits.get(name), new.traits.get(name)
        if before != after and not (name == "final_norm" and _follows_norm(old, new)):
            yield _change("", name, before, after, role="model")


def _follows_norm(old: Portrait, new: Portrait) -> bool:
    """Whether the last norm is merely of the sort that the layers have."""
    return all(one.traits.get("final_norm") == one.traits.get("norm") for one in (old, new))


def _of_role(role: Role, found: Sequence[Pair]) -> Iterator[Change]:
    gone = [pair.old for pair in found if pair.old is not None and pair.new is None]
    come = [pair.new for pair in found if pair.new is not None and pair.old is None]
    both = [(pair.old, pair.new) for pair in found if pair.old is not None and pair.new is not None]
    if gone or come:
        yield from _of_mechanisms(role, gone, come, both)
    else:
        yield from _of_layout(role, both)
    kinds = dict.fromkeys(old.kind for old, _ in both)
    for kind in kinds:
        yield from _of_facts(role, kind, [pair for pair in both if pair[0].kind == kind])


def _of_mechanisms(
    role: Role, gone: Sequence[Part], come: Sequence[Part], both: Sequence[tuple[Part, Part]]
) -> Iterator[Change]:
    kept = {old.kind for old, _ in both}
    kind: Kind = "changed" if gone and come else "added" if come else "removed"
    weight = max(_mechanism_weight(part, kept) for part in (*gone, *come))
    only = (come or gone)[0]
    reach = "" if only.kind not in kept else f".{only.reach or 'no_positions'}"
    yield Change(
        key=f"{role}.mechanism" if kind == "changed" else f"{role}.{only.kind}{reach}",
        role=role,
        part="",
        kind=kind,
        level="cause",
        label="mechanism",
        old=_labels(gone),
        new=_labels(come),
        weight=round(weight, 3),
        words=replaced(gone, come, both),
    )
    positions = [_one_position(parts) for parts in (gone, come)]
    if all(positions) and positions[0] != positions[1] and not both:
        yield _change(
            "attention", "position", *positions, role=role, share=max(_share(p) for p in come)
        )


def _mechanism_weight(part: Part, kept: Iterable[str]) -> float:
    """A variant of a mechanism that both have weighs half; a dense prefix little."""
    if part.role == "channel_mixer" and part.place.words.startswith("first ") and set(kept):
        return 2 * PREFIX
    return (0.5 if part.kind in kept else 1.0) * MECHANISM * sqrt(_share(part))


def _labels(parts: Sequence[Part]) -> Value:
    return " and ".join(dict.fromkeys(part.label for part in parts)) or None


def _one_position(parts: Sequence[Part]) -> Value:
    known = {part.facts["position"] for part in parts if "position" in part.facts}
    return known.pop() if len(known) == 1 else None


def _of_layout(role: Role, both: Sequence[tuple[Part, Part]]) -> Iterator[Change]:
    """The same parts in other layers, said of the rarest."""
    moved = [pair for pair in both if pair[0].place.words != pair[1].place.words]
    if not moved:
        return
    old, new = min(moved, key=lambda pair: (_share(pair[0]) + _share(pair[1]), pair[0].key))
    if all(part.place.words.startswith("first ") for part in (old, new)):
        weight = PREFIX * abs(log2(old.place.count / new.place.count))
    else:
        weight = LAYOUT * min(1.0, 0.2 + 3 * abs(_share(old) - _share(new)))
    yield Change(
        key=f"{role}.layout",
        role=role,
        part=new.label,
        kind="changed",
        level="cause",
        label="layers",
        old=old.place.words,
        new=new.place.words,
        weight=round(weight, 3),
        words=relaid(old, new),
    )


def _of_facts(role: Role, kind: str, both: Sequence[tuple[Part, Part]]) -> Iterator[Change]:
    """Each fact once where it changed alike in all parts of a mechanism, else once a part."""
    for name in dict.fromkeys(name for old, new in both for name in (*new.facts, *old.facts)):
        rows = [
            (old.facts.get(name), new.facts.get(name), old, new)
            for old, new in both
            if (name in old.facts or name in new.facts) and not _follows(name, old, new)
        ]
        values = dict.fromkeys((before, after) for before, after, _, _ in rows)
        for before, after in values:
            if before == after:
                continue
            where = [(old, new) for b, a, old, new in rows if (b, a) == (before, after)]
            share = min(1.0, sum(max(_share(old), _share(new)) for old, new in where))
            part = "" if len(where) == len(both) else _where([new for _, new in where])
            yield _change(kind, name, before, after, role=role, part=part, share=share)


def _follows(name: str, old: Part, new: Part) -> bool:
    """Whether a fact stands on one side only because another one changed."""
    if (name in old.facts) == (name in new.facts):
        return False
    return any(
        name in names and old.facts.get(cause) != new.facts.get(cause)
        for cause, names in FOLLOWS.items()
    )


def _where(parts: Sequence[Part]) -> str:
    """Which layers, among several of one mechanism."""
    words = {"window": "windowed", "chunk": "chunked", "": "full"}
    return " and ".join(dict.fromkeys(words[part.reach] for part in parts))


def _change(
    kind: str,
    name: str,
    old: Value,
    new: Value,
    *,
    role: Role,
    part: str = "",
    share: float = 1.0,
) -> Change:
    known = term(kind, name, _numbers(old, new))
    what = kind_of(old, new)
    level: Level = "cause" if known.level == "scale" and what != "changed" else known.level
    return Change(
        key=f"{kind}.{name}" if kind else name,
        role=role,
        part=part,
        kind=what,
        level=level,
        label=known.label,
        old=old,
        new=new,
        weight=round(share * _weight(known.level, known.weight, known.presence, old, new), 3),
        words=phrase(kind, name, old, new, part),
    )


def _weight(level: Level, weight: float, presence: float, old: Value, new: Value) -> float:
    if old is None or new is None:
        return presence
    if level != "scale":
        return weight
    before, after = _size(old), _size(new)
    return weight * (abs(log2(after / before)) if before > 0 and after > 0 else 1.0)


def _size(value: Value) -> float:
    """A number, or the mean where the layers differ."""
    if isinstance(value, tuple):
        numbers = [float(one) for one in value if isinstance(one, int | float)]
        return sum(numbers) / max(1, len(numbers))
    return float(value) if isinstance(value, int | float) else 0.0


def _numbers(*values: Value) -> bool:
    """Whether all are numbers, so that one can be larger than another."""
    return all(isinstance(v, int | float | tuple) and not isinstance(v, bool) for v in values)


def _share(part: Part) -> float:
    place: Place = part.place
    return place.count / place.of
