"""Mechanisms in words: what came, went, gave way or moved, and in which layers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from llm_gallery.comparison.block_facts import Value, joined, several
from llm_gallery.comparison.phrases import count_word, listed, plain_text, value_words
from llm_gallery.comparison.places import (
    having_place,
    in_place,
    indexed_where,
    joint_place,
    where,
)
from llm_gallery.comparison.profile import Part
from llm_gallery.mechanisms import MECHANISMS, MIXING, called_attention, colour_of, names
from llm_gallery.mechanisms.written import NO_POSITIONS, WITHOUT_POSITIONS


@cache
def _names() -> Mapping[str, str]:
    """Labels in full words."""
    return {
        label: words for home in MECHANISMS.values() for label, words in home.names.spelled.items()
    }


def named(part: Part) -> str:
    """A part's mechanism in full words, with positions where they are the point."""
    return _spelled(part) if part.rotated else f"{_spelled(part)} {WITHOUT_POSITIONS}"


def _spelled(part: Part) -> str:
    return spelled(part.label)


def spelled(label: str) -> str:
    """A label in full words: "sliding-window grouped-query attention"."""
    names = _names()
    if label in names:
        return names[label]
    reach, _, last = label.rpartition(" ")
    return f"{reach} {names[last]}" if last in names else label


def introduced(part: Part, known: Sequence[Part] = ()) -> str:
    """A mechanism that is new, with what a reader wants to know of it and not of those that are said already."""
    facts = part.facts
    if details := part.once(_facts):
        repeated = any(
            details == known_part.once(_facts)
            for known_part in known
            if known_part.kind == part.kind
        )
        words = f"{'gated ' if 'gate' in facts else ''}{named(part)}"
        return words if repeated else f"{words} ({', '.join(details)})"
    if not part.block.is_mixture:
        return named(part)
    used, experts = _count(facts["used"]), facts["experts"]
    shared = f", {_count(facts['shared'])} shared" if "shared" in facts else ""
    return f"{_count(experts)} expert{'' if experts == 1 else 's'} ({used} per token{shared})"


def _count(value: Value) -> str:
    return count_word(value) if isinstance(value, int) else plain_text(value)


def _facts(part: Part) -> tuple[str, ...]:
    """Its facts in words."""
    return tuple(_stated_facts(part))


def _stated_facts(part: Part) -> Iterator[str]:
    """The facts that readers ask for; the name of sparse attention already says that it has an indexer."""
    for name, words in MIXING[part.kind].introduced:
        value = part.facts.get(name)
        where_indexed = indexed_where([part], name)
        if value is None or (name in names(part.block).tells and not where_indexed):
            continue
        number = value_words(value, name) if name == "rotated_share" else plain_text(_stated(value))
        yield words.format(number) + (where_indexed or f" {having_place([part], name)}".rstrip())


def _stated(value: Value) -> Value:
    """Without the layers that have no such thing."""
    return joined(
        [value_of_layer for value_of_layer in several(value) if value_of_layer is not None]
    )


def said_inside(part: Part, name: str, words: str) -> bool:
    """Whether a fact of a new part is among the words that name it."""
    if name == "gate":
        return f"gated {_spelled(part)}" in words or f"gated {spelled(_tail(part))}" in words
    if name == "shared":
        return " shared" in words
    if name in names(part.block).tells:
        return True
    said = dict(MIXING[part.kind].introduced).get(name)
    return said is not None and said.format(plain_text(_stated(part.facts[name]))) in words


def replaced(
    gone: Sequence[Part],
    come: Sequence[Part],
    both: Sequence[tuple[Part, Part]],
    variants: tuple[Sequence[Part], Sequence[Part]],
) -> str:
    """A mechanism that came, went or gave way to another.

    `variants` are the parts of kept mechanisms that only the older, and that only the newer model has.
    """
    left, arrivals = _grouped(gone), _grouped(come)
    everywhere = bool(gone and come) and all(
        joint_place(of).everywhere for of in (*left, *arrivals)
    )
    stay = [part for _, part in both]
    prefix = next((part for part in come if _first(part)), None)
    after = prefix is not None and any(part.block.is_mixture for part in come)
    new = [
        _new(of, everywhere, stay, known=[part for parts in arrivals[:i] for part in parts])
        for i, of in enumerate(arrivals)
        if not (after and prefix in of)
    ]
    if after and prefix is not None:
        new[-1] = f"{introduced(come[-1])} after {_dense(prefix.place.count)}"
    if not gone:
        olds, news = [*(old for old, _ in both), *variants[0]], [*stay, *variants[1]]
        whole = _beside_attention(come, news) or _in_place_of(come, olds, news)
        return whole or _together([*new, *_left(come, both, variants[1])])
    if not come:
        stayed = [*(old for old, _ in both), *variants[0]]
        whole = _throughout(gone, [*stay, *variants[1]], stayed) or _dense_alone(gone, stayed)
        return whole or listed([_no(part, [old for old, _ in both]) for part in gone])
    same = len(left) == len(arrivals) == 1 and _pattern(left[0]) == _pattern(arrivals[0])
    old = [_before(of) if everywhere or same else f"{_before(of)} {_where(of)}" for of in left]
    if all(part.endswith(WITHOUT_POSITIONS) for part in old) and WITHOUT_POSITIONS in new[0]:
        old = [part.removesuffix(f" {WITHOUT_POSITIONS}") for part in old]
    if ratio := _same_ratio(left, arrivals):
        old, new = [_before(of) for of in left], [words.rpartition(" in ")[0] for words in new]
        return f"{listed(new)} instead of {listed(old)}, {ratio} as before"
    return f"{_together([*new, *_left(come, both, variants[1])])} instead of {_together(old)}"


SAME_LAYERS = re.compile(
    r" in (\w+)(?: layers?)? of (\w+)(?: layers)?(?= and .*? in \w+(?: layers?)? of \2\b)"
)
"""A place before another one that counts the same layers: "in 23 of 52 layers and attention in 6 of 52 layers"."""


def _together(words: Sequence[str]) -> str:
    """A list in which the layers that places count are named once: "Mamba-2 in 23 and attention in 6 of 52 layers"."""
    return SAME_LAYERS.sub(r" in \1", listed(words))


def _same_ratio(old: Sequence[Sequence[Part]], new: Sequence[Sequence[Part]]) -> str:
    """ "three to one": two recurrent mixers and attention of one pattern at any depth; else nothing."""
    recurrent = [[of[0].block.recurs for of in groups] for groups in (old, new)]
    if recurrent not in ([[True, False]] * 2, [[False, True]] * 2):
        return ""
    patterns = [[_pattern(of) for of in groups] for groups in (old, new)]
    if patterns[0] != patterns[1] or not (unit := re.fullmatch(r"(\d+) in (\d+)", patterns[0][0])):
        return ""
    here = int(unit[1])
    return f"{count_word(here)} to {count_word(int(unit[2]) - here)}"


def _grouped(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts of one mechanism together, whatever their reach and their positions."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.kind, _tail(part)), []).append(part)
    return [*groups.values()]


def _tail(part: Part) -> str:
    """Its label without its reach."""
    last = part.label.rpartition(" ")[2]
    return last if last in _names() and part.reach else part.label


def _before(of: Sequence[Part]) -> str:
    """What was there; of several parts their mechanism, and that some had windows."""
    if len(of) == 1:
        return named(of[0])
    limited = [f"{part.reach}s" for part in of if part.reach]
    return f"{spelled(_tail(of[0]))}{f' with {limited[0]}' if limited else ''}"


def _where(of: Sequence[Part]) -> str:
    return in_place(joint_place(of))


def _pattern(of: Sequence[Part]) -> str:
    """At which rate parts stand in a stack of any depth."""
    return joint_place(of).pattern


def _beside_attention(come: Sequence[Part], stay: Sequence[Part]) -> str:
    """ "Mamba-2 beside attention in every layer", where all layers that have the one have the other."""
    if len(come) > 1 or come[0].role != "token_mixer" or come[0].block.attends:
        return ""
    attending = {index for part in stay if part.block.attends for index in part.layers}
    beside = set(come[0].layers) <= attending
    return f"{introduced(come[0])} beside attention {where(come[0])}" if beside else ""


def _in_place_of(come: Sequence[Part], old: Sequence[Part], stay: Sequence[Part]) -> str:
    """ "Gated DeltaNet in three layers of four, leaving attention in one", where all layers attended and the others do."""
    attend = bool(old) and all(part.block.attends for part in (*old, *stay)) and _cover(old)
    if len(come) > 1 or not attend or come[0].block.attends or not _cover([*come, *stay]):
        return ""
    if set(come[0].layers) & {index for part in stay for index in part.layers}:
        return ""
    return f"{introduced(come[0])} {where(come[0])}, leaving {_softmax(come)} {_rest(stay)}"


def _throughout(gone: Sequence[Part], stay: Sequence[Part], stayed: Sequence[Part]) -> str:
    """ "attention in every layer instead of Gated DeltaNet in three layers of four".

    What stood beside attention in every layer is simply gone; beside attention in some, that was all of them.
    """
    all_gone = any(part.place.everywhere for part in gone)
    if not stay or not _cover(stay) or (all_gone and (not stayed or _cover(stayed))):
        return ""
    old = listed([f"{named(part)} {where(part)}" for part in gone])
    if all(part.block.attends for part in stay) and not any(part.block.attends for part in gone):
        return f"{_softmax(gone)} in every layer instead of {old}"
    if all(part.block.is_mlp for part in stay):
        return f"{_spelled(stay[0])} in every layer instead of {old}"
    return ""


def _dense_alone(gone: Sequence[Part], stayed: Sequence[Part]) -> str:
    """ "a dense MLP without the experts beside it"."""
    beside = gone[0].block.is_mixture and _beside(gone[0], stayed)
    return "a dense MLP without the experts beside it" if beside else ""


def _softmax(others: Sequence[Part]) -> str:
    """Attention beside what isn't, though its name may say so."""
    alike = any(part.rotated and called_attention(part.block) for part in others)
    return "softmax attention" if alike else "attention"


def _cover(parts: Sequence[Part]) -> bool:
    """Whether every layer has one of them."""
    return len({index for part in parts for index in part.layers}) == parts[0].place.of


def _new(
    of: Sequence[Part], everywhere: bool, stay: Sequence[Part], *, known: Sequence[Part]
) -> str:
    part = of[0]
    if _first(part):
        return f"{_dense(part.place.count)} first"
    if len(of) > 1:
        return _varied(of, everywhere or joint_place(of).everywhere)
    words = introduced(part, known)
    if _beside(part, stay):
        words = f"{words} beside the {'dense MLP' if part.block.is_mixture else 'experts'}"
    return words if everywhere else f"{words} {_where(of)}"


def _varied(of: Sequence[Part], everywhere: bool) -> str:
    """A mechanism with layers of several sorts: where all are, then how many are of each sort."""
    details = [
        words for words in of[0].once(_facts) if all(words in part.once(_facts) for part in of)
    ]
    gated = "gated " if all("gate" in part.facts for part in of) else ""
    some = [_limit(part) for part in of if part.reach]
    full = [part for part in of if not part.reach]
    unrotated = [part for part in of if not part.rotated]
    if some and full:
        some.append(f"full {f'{WITHOUT_POSITIONS} ' if full == unrotated else ''}{_rest(full)}")
    if unrotated and len(unrotated) < len(of) and not (some and full == unrotated):
        some.append(f"{NO_POSITIONS} {_where(unrotated)}")
    without = f" {WITHOUT_POSITIONS}" if len(unrotated) == len(of) else ""
    place = "" if everywhere else f" {_where(of)}"
    return f"{gated}{spelled(_tail(of[0]))}{without}{place} ({', '.join(some or details)})"


def _rest(parts: Sequence[Part]) -> str:
    """ "in 12", "in one": where parts stand, after words that say of how many layers."""
    joint = joint_place(parts)
    if joint.at == "repeating":
        return f"in {count_word(joint.unit[0])}"
    return f"in {joint.count}" if joint.at == "some" else in_place(joint)


def _limit(part: Part) -> str:
    return f"{part.reach}s of {plain_text(part.facts[part.reach])} tokens {where(part)}"


def _first(part: Part) -> bool:
    """Whether it is the dense layers before the experts."""
    return part.block.is_mlp and part.place.leads


def _no(part: Part, others: Sequence[Part]) -> str:
    if not part.block.is_mlp:
        return f"no {_spelled(part)}"
    if _beside(part, others):
        return "no dense MLP beside the experts"
    return "no dense layers" if others else "no MLP"


def _beside(part: Part, others: Sequence[Part]) -> bool:
    """Whether every layer of an MLP or of experts also has the other of the two."""
    either = part.block.is_mlp, part.block.is_mixture
    beside = [o for o in others if (o.block.is_mixture, o.block.is_mlp) == either and any(either)]
    return set(part.layers) <= {index for other in beside for index in other.layers}


def _left(
    come: Sequence[Part], both: Sequence[tuple[Part, Part]], variants: Sequence[Part]
) -> list[str]:
    """What remains of an older mechanism, where that isn't simply the other layers."""
    moved = [new for old, new in both if new.place.pattern != old.place.pattern]
    if not moved or any(_beside(part, moved) for part in come):
        return []
    stay: dict[str, list[Part]] = {}
    for part in (*(new for _, new in both), *variants):
        stay.setdefault(_short(part), []).append(part)
    shown = {name: of for name, of in stay.items() if any(part in moved for part in of)}
    if sum(joint_place(of).count for of in (come, *shown.values())) == come[0].place.of:
        return []
    return [f"{name} {_where(of)}" for name, of in shown.items()]


def _short(part: Part) -> str:
    """Plain attention by that word, whatever it reaches."""
    return "attention" if part.reach or colour_of(part.block) == "full" else named(part)


def variant_came(part: Part, limited: bool) -> str:
    """Layers of a known mechanism with another reach or without positions.

    `limited` says that so far no layer sees everything.
    """
    without = "" if part.rotated else f" {WITHOUT_POSITIONS}"
    if part.reach:
        return (
            f"{part.reach}s of {plain_text(part.facts[part.reach])} tokens{without} {where(part)}"
        )
    if limited:
        return f"full attention{without} {where(part)}"
    return f"{'positions' if part.rotated else NO_POSITIONS} {where(part)}"


def variant_gone(part: Part, limited: bool) -> str:
    """Such layers, of which the newer model has none."""
    if part.reach:
        return f"no {part.reach}s"
    if limited:
        return "no full attention"
    return "no positions" if part.rotated else "positions in every layer"


def _dense(count: int) -> str:
    return f"{count_word(count)} dense layer{'s' if count > 1 else ''}"


def relaid(old: Part, new: Part, *, beside_limited: bool = False) -> str:
    """The same parts in other layers."""
    firsts = all(part.place.leads for part in (old, new))
    if new.block.is_mlp and firsts:
        before, after = old.place.count, new.place.count
        return f"{'more' if after > before else 'fewer'} dense layers first ({before} → {after})"
    words = named(new)
    if colour_of(new.block) == "full":
        words = "full attention" if beside_limited else "attention"
    return f"{words} {where(new)} (before: {where(old).removeprefix('in ')})"


def grouped_words(words: str, new: Part) -> str:
    """The words of grouped queries that are new, with the number of heads that they share."""
    heads, name = plain_text(new.facts["kv_heads"]), _names()["GQA"]
    return words.replace(name, f"{name} ({heads} key-value heads)", 1)


def position_words(old: Sequence[Part], new: Sequence[Part], moved: Part) -> str:
    """Positions that came or went, of all parts that could know them; `moved` is one where they did."""
    old, new = ([part for part in parts if "position" in part.facts] for parts in (old, new))
    known = [part for part in new if part.rotated]
    if not moved.rotated:
        return f"no positions {where(moved)}" if known else "no positions"
    kind = moved.facts["position"]
    positions = f"{value_words(kind, 'position')} positions"
    if len(known) < len(new):
        return f"{positions} {where(moved)}"
    if not any(part.rotated for part in old):
        return positions
    every = sum(part.place.count for part in new) == moved.place.of
    return f"positions in every {'' if every else 'attention '}layer"
