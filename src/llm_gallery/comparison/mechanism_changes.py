"""Changes of mechanism: parts that came or went, and parts that stand in other layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log2, sqrt

from llm_gallery.comparison.block_facts import Plain, Value, joined, several
from llm_gallery.comparison.brought import dependent_changes
from llm_gallery.comparison.change import Change, change, share_of
from llm_gallery.comparison.mechanism_words import relaid, replaced, variant_came, variant_gone
from llm_gallery.comparison.profile import Part, Role
from llm_gallery.mechanisms.facts import term

MECHANISM = 3.0
"""Weight of another mechanism in every layer; in part of them, it weighs by the square root of their share."""
MIXING = 1.0
"""What a mixer of tokens that came or went says of a model beyond its weight, in however few layers."""
LAYOUT = 0.5
"""Weight of the same parts at another rate or in another order."""
LAID, MOVED = 0.6, 0.2
"""What other places of the same token mixers say: little in design, much in what a text costs.

From this weight on: 8 of 88 layers instead of 6 of 52 is hardly a change.
"""
ORDER = 0.8
"""What layers without positions say at least: few of them, but they are what a reader asks for."""
PREFIX = 0.15
"""Weight of more or fewer dense layers before the experts."""


def mechanism_changes(
    role: Role, gone: Sequence[Part], come: Sequence[Part], both: Sequence[tuple[Part, Part]]
) -> Iterator[Change]:
    """Parts that only one model has: variants of a kept mechanism one by one, the others as one change."""
    in_both = {old.kind for old, _ in both}
    limited = all(part.reach for pair in both for part in pair)
    for part in (*gone, *come):
        if part.kind in in_both:
            yield _variant(part, came=part in come, limited=limited)
    variants = tuple([part for part in parts if part.kind in in_both] for parts in (gone, come))
    gone = [part for part in gone if part.kind not in in_both]
    come = [part for part in come if part.kind not in in_both]
    if gone or come:
        words = replaced(gone, come, both, (variants[0], variants[1]))
        yield _mechanism(role, gone, come, dense=bool(both), words=words)
        common = tuple([pair[i] for pair in both] for i in (0, 1))
        yield from dependent_changes(
            role, gone, come, ([*common[0], *variants[0]], [*common[1], *variants[1]]), words
        )
    positions = [_one_position(parts) for parts in (gone, come)]
    if all(positions) and positions[0] != positions[1] and not both:
        unrotated = gone if positions[0] == "none" else come if positions[1] == "none" else ()
        share = sum(map(share_of, unrotated)) if unrotated else 1.0
        yield change("attention", "position", *positions, role=role, share=share)
        return
    known = [
        joined([*dict.fromkeys(p for part in parts for p in _known_position(part))])
        for parts in (gone, come)
    ]
    if all(known) and known[0] != known[1] and not both:
        moved = change("attention", "position", *known, role=role, brought=True)
        yield replace(moved, key=f"{role}.position")


def _variant(part: Part, *, came: bool, limited: bool) -> Change:
    """The same mechanism with another reach or without positions, in layers of its own."""
    variant = part.reach or ("full" if part.rotated else "no_positions")
    words = variant_came(part, limited) if came else variant_gone(part, limited)
    weight = round(MECHANISM / 2 * sqrt(share_of(part)), 3)
    unordered = came and not part.rotated and not part.reach
    ordered = came and variant == "full" and not limited
    return Change(
        key=f"{part.role}.{part.kind}.{variant}",
        role=part.role,
        part="",
        kind="added" if came else "removed",
        level="cause",
        label="layers",
        old=None if came else part.place.words,
        new=part.place.words if came else None,
        weight=weight,
        words=words,
        told=max(weight, ORDER) if unordered else weight,
        about="positions" if ordered or variant == "no_positions" else "",
    )


def _mechanism(
    role: Role, gone: Sequence[Part], come: Sequence[Part], *, dense: bool, words: str
) -> Change:
    """`dense` says whether other parts of the role are kept."""
    only = (*come, *gone)[0]
    dense = only.block.is_mlp and dense
    weight = max(_weight(gone, dense), _weight(come, dense)) + _qualities(gone, come)
    return Change(
        key=f"{role}.mechanism" if gone and come else f"{role}.{only.kind}",
        role=role,
        part="",
        kind="changed" if gone and come else "added" if come else "removed",
        level="cause",
        label="mechanism",
        old=_labels(gone),
        new=_labels(come),
        weight=round(weight, 3),
        words=words,
        told=round(weight + (MIXING if role == "token_mixer" else 0.0), 3),
    )


def _weight(parts: Sequence[Part], dense: bool) -> float:
    """Dense layers beside experts weigh half, a dense prefix little."""
    if dense and all(part.place.leads for part in parts):
        return 2 * PREFIX if parts else 0.0
    share = min(1.0, sum(map(share_of, parts)))
    return MECHANISM * sqrt(share) * (0.5 if dense else 1.0)


def least_weight(old: Sequence[Part], new: Sequence[Part]) -> float:
    """What changes of mechanism in one role weigh at least, by the kinds that only one of two models has."""
    kinds = [{part.kind for part in parts} for parts in (old, new)]
    if kinds[0] == kinds[1]:
        return 0.0
    gone = [part for part in old if part.kind not in kinds[1]]
    come = [part for part in new if part.kind not in kinds[0]]
    dense = (*come, *gone)[0].block.is_mlp and not kinds[0].isdisjoint(kinds[1])
    return round(max(_weight(gone, dense), _weight(come, dense)), 3)


QUALITIES = ("window", "chunk", "gate", "sinks", "indexer", "noise_heads")
"""What an attention of any mechanism may have: it is new however the mechanism changed."""


def _qualities(gone: Sequence[Part], come: Sequence[Part]) -> float:
    of = {name for part in (*gone, *come) for name in part.once(_own_qualities)}
    return sum(
        [
            term(name, "attention").weight * abs(_having(gone, name) - _having(come, name))
            for name in QUALITIES
            if name in of
        ]
    )


def _own_qualities(part: Part) -> tuple[str, ...]:
    """The qualities of one part; recurrent mixers have their own."""
    return tuple(name for name in QUALITIES if part.block.attends and name in part.facts)


def _having(parts: Sequence[Part], quality: str) -> float:
    """Share of the layers whose attention has it."""
    having = [share_of(part) for part in parts if quality in part.once(_own_qualities)]
    return min(1.0, sum(having))


def _labels(parts: Sequence[Part]) -> Value:
    return " and ".join(dict.fromkeys(part.label for part in parts)) or None


def _one_position(parts: Sequence[Part]) -> Value:
    known = {part.facts["position"] for part in parts if "position" in part.facts}
    return known.pop() if len(known) == 1 else None


def _known_position(part: Part) -> tuple[Plain, ...]:
    """How a part knows positions, where it does."""
    return several(part.facts["position"]) if part.rotated and "position" in part.facts else ()


def layout_changes(role: Role, both: Sequence[tuple[Part, Part]]) -> Iterator[Change]:
    """The same parts in other layers, said of the rarest."""
    moved = [pair for pair in both if pair[0].place.pattern != pair[1].place.pattern]
    if not moved:
        return
    old, new = min(moved, key=lambda pair: (share_of(pair[0]) + share_of(pair[1]), pair[0].key))
    if all(part.place.leads for part in (old, new)):
        weight = PREFIX * abs(log2(old.place.count / new.place.count))
    else:
        weight = LAYOUT * min(1.0, 0.2 + 3 * abs(share_of(old) - share_of(new)))
    yield Change(
        key=f"{role}.layout",
        role=role,
        part=new.label,
        kind="changed",
        level="cause",
        label="layers",
        old=old.place.words,
        new=new.place.words,
        weight=(weighed := round(weight, 3)),
        told=max(weighed, LAID) if role == "token_mixer" and weighed >= MOVED else weighed,
        words=relaid(old, new, beside_limited=any(part.reach for part, _ in both)),
    )
