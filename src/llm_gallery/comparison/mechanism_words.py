"""Mechanisms in words: what came, went, gave way or moved, and in which layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.phrases import count_word, listed, plain_text, shared_words, value_words
from llm_gallery.comparison.profile import Part, Place
from llm_gallery.mechanisms import MECHANISMS, MIXING, colour_of
from llm_gallery.mechanisms.written import NO_POSITIONS, WITHOUT_POSITIONS

NAMES = {
    label: words for home in MECHANISMS.values() for label, words in home.names.spelled.items()
}
"""Labels in full words."""


def named(part: Part) -> str:
    """A part's mechanism in full words, with positions where they are the point."""
    return _spelled(part) if part.rotated else f"{_spelled(part)} {WITHOUT_POSITIONS}"


def _spelled(part: Part) -> str:
    return spelled(part.label)


def spelled(label: str) -> str:
    """A label in full words: "sliding-window grouped-query attention"."""
    if label in NAMES:
        return NAMES[label]
    reach, _, last = label.rpartition(" ")
    return f"{reach} {NAMES[last]}" if last in NAMES else label


def where(part: Part) -> str:
    """In which layers a part stands."""
    return in_place(part.place)


def in_place(place: Place) -> str:
    """ "in every layer", "in three layers of four", "in the first three layers", "in 10 of 62 layers"."""
    if place.words == "all":
        return "in every layer"
    if place.words.startswith("first "):
        return (
            "in the first layer"
            if place.count == 1
            else f"in the first {count_word(place.count)} layers"
        )
    if place.words.startswith("all but"):
        first = place.of - place.count
        return (
            f"after the first {count_word(first)} layers" if first > 1 else "after the first layer"
        )
    if " in " in place.words:
        count, _, of = place.words.partition(" in ")
        words = (count, of) if int(of) > 10 else (count_word(int(count)), count_word(int(of)))
        return f"in {words[0]} layer{'s' if int(count) > 1 else ''} of {words[1]}"
    return f"in {place.count} of {place.of} layers"


def introduced(part: Part, known: Sequence[Part] = ()) -> str:
    """A mechanism that is new, with what a reader wants to know of it and not of those that are said already."""
    facts = part.facts
    if details := list(_facts(part)):
        repeated = any(details == list(_facts(one)) for one in known if one.kind == part.kind)
        words = f"{'gated ' if 'gate' in facts else ''}{named(part)}"
        return words if repeated else f"{words} ({', '.join(details)})"
    if not part.block.is_mixture:
        return named(part)
    used = _count(facts["used"])
    shared = f" and {shared_words(None, facts['shared'])}" if "shared" in facts else ""
    experts = facts["experts"]
    return f"{_count(experts)} expert{'' if experts == 1 else 's'} ({used} per token){shared}"


def _count(value: Value) -> str:
    return count_word(value) if isinstance(value, int) else plain_text(value)


def _facts(part: Part) -> Iterator[str]:
    """Its facts in words; that sparse attention has an indexer is said by its name."""
    for name, words in MIXING[part.kind].introduced:
        value = part.facts.get(name)
        if value is None or (name == "indexer" and part.label.startswith("sparse")):
            continue
        number = value_words(value, name) if name == "rotated_share" else plain_text(value)
        partly = isinstance(value, tuple) and None in value
        yield words.format(number) + (" in some layers" if partly else "")


def replaced(gone: Sequence[Part], come: Sequence[Part], both: Sequence[tuple[Part, Part]]) -> str:
    """A mechanism that came, went or gave way to another."""
    everywhere = all(part.place.words == "all" for part in (*gone, *come)) and bool(gone and come)
    stay = [part for _, part in both]
    prefix = next((part for part in come if _first(part)), None)
    after = prefix is not None and any(part.block.is_mixture for part in come)
    new = [
        _new(part, everywhere, stay, known=come[:i])
        for i, part in enumerate(come)
        if not (after and part is prefix)
    ]
    if after and prefix is not None:
        new[-1] = f"{introduced(come[-1])} after {_dense(prefix.place.count)}"
    old = [named(part) if everywhere else f"{named(part)} {where(part)}" for part in gone]
    if not gone:
        return listed(new) + _left(come, both)
    if not come:
        return listed([_no(part, [old for old, _ in both]) for part in gone])
    return f"{listed(new)} instead of {listed(old)}"


def _new(part: Part, everywhere: bool, stay: Sequence[Part], *, known: Sequence[Part]) -> str:
    if _first(part):
        return f"{_dense(part.place.count)} first"
    words = introduced(part, known)
    if _beside(part, stay):
        words = f"{words} beside the {'dense MLP' if part.block.is_mixture else 'experts'}"
    return words if everywhere else f"{words} {where(part)}"


def _first(part: Part) -> bool:
    """Whether it is the dense layers before the experts."""
    return part.block.is_mlp and part.place.words.startswith("first")


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


def _left(come: Sequence[Part], both: Sequence[tuple[Part, Part]]) -> str:
    """What remains of an older mechanism, where that isn't simply the other layers."""
    stay = [new for old, new in both if new.place.words != old.place.words]
    beside = any(_beside(part, stay) for part in come)
    if beside or not stay or sum(p.place.count for p in (*come, *stay)) == stay[0].place.of:
        return ""
    words = [f"{_short(part)} in {count_word(part.place.count)}" for part in stay]
    return f" and {listed(words)}"


def _short(part: Part) -> str:
    return "attention" if colour_of(part.block) == "full" else named(part)


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
    firsts = all(part.place.words.startswith("first ") for part in (old, new))
    if new.block.is_mlp and firsts:
        return f"{_dense(new.place.count)} instead of {count_word(old.place.count)}"
    words = named(new)
    if colour_of(new.block) == "full":
        words = "full attention" if beside_limited else "attention"
    return f"{words} {where(new)} instead of {where(old).removeprefix('in ')}"


def grouped_words(words: str, new: Part) -> str:
    """The words of grouped queries that are new, with the number of heads that they share."""
    heads, name = plain_text(new.facts["kv_heads"]), NAMES["GQA"]
    return words.replace(name, f"{name} ({heads} key-value heads)", 1)


def position_words(old: Sequence[Part], new: Sequence[Part], moved: Part) -> str:
    """Positions that came or went, of all parts of a mechanism; `moved` is one where they did."""
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
