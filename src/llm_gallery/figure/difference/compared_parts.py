"""The content of a difference figure before anything has a place: parts in rows, facts with their signs, in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.units import binary, grouped, short
from llm_gallery.architecture.block import main_stack
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.change import Kind, kind_of, numbers
from llm_gallery.comparison.changes import ROLES
from llm_gallery.comparison.compare import Comparison
from llm_gallery.comparison.mechanism_words import named
from llm_gallery.comparison.phrases import fact_words
from llm_gallery.comparison.profile import Part, Place, Profile
from llm_gallery.comparison.table import part_rows
from llm_gallery.figure.difference.quantities import quantity
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.facts import term
from llm_gallery.mechanisms.wording import capital

NONE = "–"
YES = "yes"
"""What has no other value: its label and its sign say all."""
STREAM = "Residual stream"
WHOLE = "The whole model"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in the words of each model; `kinds` says what became of the first one's value."""

    name: str
    label: str
    words: tuple[str, ...]
    kinds: tuple[Kind, ...]
    minor: bool = (
        False  # a setting, or a part's part: where it came or went with more, it's said in passing
    )

    @property
    def unchanged(self) -> bool:
        """Whether all models agree."""
        return all(kind == "kept" for kind in self.kinds)

    @property
    def phrase(self) -> str:
        """In a sentence: what it is and its value, of whichever model has one."""
        if len(self.words) == 2 and self.kinds[1] == "changed":
            return f"{self.label} {self.words[0]} → {self.words[1]}"
        value = next(words for words in self.words if words != NONE)
        return self.label if value == YES else f"{self.label} {value}"


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that answer to each other, None where a model has none; all are of one mechanism."""

    parts: tuple[Part | None, ...]
    kinds: tuple[Kind, ...]
    facts: tuple[Fact, ...]

    @property
    def shown(self) -> Part:
        """The part that gives the row its colour and name: that of the last model that has one."""
        return next(part for part in reversed(self.parts) if part is not None)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one part, or of the whole, under a title."""

    title: str
    brief: str  # the title where there is little room
    colour: Colour | None  # None of what is no mechanism
    facts: tuple[Fact, ...]
    kind: Kind = "changed"  # of the part in the last model
    replaced: bool = False  # whether it is two parts, of which one came in the other's place
    having: tuple[bool, ...] = ()  # whether each model has the part

    @property
    def unchanged(self) -> bool:
        """Whether nothing of it differs."""
        return all(fact.unchanged for fact in self.facts)

    def alike(self, fact: Fact) -> bool:
        """Whether all models that have the part agree in a fact."""
        return len({words for words, has in zip(fact.words, self.having, strict=True) if has}) == 1


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """Every part of the models, token mixers first."""
    return tuple(_row(parts) for parts in part_rows(comparison.models))


def groups(comparison: Comparison, found: Sequence[Row]) -> tuple[Group, ...]:
    """All facts in the order of a frame, downward: channel mixers, the stream, token mixers, the whole.

    Of two models, a part that left and one that came in its place are one group.
    """
    tokens, channels = (
        [
            _group(comparison.models, parts, facts)
            for parts, facts in _answering([row for row in found if row.shown.role == role])
        ]
        for role in ROLES
    )
    every = (True,) * len(comparison.models)
    stream, whole = (
        [Group(name, name, None, facts, having=every)] if facts else []
        for name, facts in zip((STREAM, WHOLE), _traits(comparison.models), strict=True)
    )
    return (*channels, *stream, *tokens, *whole)


Parts = tuple[Part | None, ...]


def _answering(found: Sequence[Row]) -> Iterator[tuple[Parts, tuple[Fact, ...]]]:
    """Parts with their facts; of two models, what left beside what came, those in most layers first."""
    if any(len(row.parts) != 2 for row in found):
        yield from ((row.parts, row.facts) for row in found)
        return
    commonest = sorted(found, key=lambda row: -row.shown.place.count)
    gone, come = ([row for row in commonest if row.parts[side] is None] for side in (1, 0))
    beside = dict(zip(map(id, gone), come, strict=False))
    placed = set(map(id, beside.values()))
    for row in found:
        if (new := beside.get(id(row))) is not None:
            parts = row.parts[0], new.parts[1]
            yield parts, tuple(_of_parts(parts))
        elif id(row) not in placed:
            yield row.parts, row.facts


def _group(models: Sequence[Profile], parts: Parts, facts: Sequence[Fact]) -> Group:
    last = next(part for part in reversed(parts) if part is not None)
    own = [part for part in parts if part is not None]
    called, brief = (
        (" → " if len(parts) == 2 else " / ").join(dict.fromkeys(names))
        for names in (map(_named, own), (part.label for part in own))
    )
    called, brief = map(capital, (called, brief))
    kind = kind_of(None if parts[0] is None else 1, None if parts[-1] is None else 1)
    group = Group(called, brief, colour_of(last.block), tuple(facts), kind)
    if group.unchanged:
        return group
    replaced = len({part.kind for part in own}) > 1
    having = tuple(part is not None for part in parts)
    at = 1 if facts and facts[0].name == "layers" else 0
    listed = (*facts[:at], *_amounts(models, parts), *facts[at:])
    return Group(called, brief, group.colour, listed, kind, replaced, having)


def _named(part: Part) -> str:
    """In full words, without an article."""
    return named(part).removeprefix("a ").removeprefix("an ")


def _amounts(models: Sequence[Profile], parts: Parts) -> Iterator[Fact]:
    """What the part stores and keeps in all of its layers."""
    counted = [
        None if part is None else quantity(model, part)
        for model, part in zip(models, parts, strict=True)
    ]
    stored = [None if one is None else one.stored for one in counted]
    yield _counted("parameters", stored, short)
    if any(one is not None and one.cached is None for one in counted):
        return  # what a part keeps isn't told apart from what another does
    for label, name in (("cache a token", "cached"), ("state", "state")):
        sizes = [None if one is None else getattr(one, name) or None for one in counted]
        if any(sizes):
            yield _counted(label, sizes, binary)


def _counted(label: str, values: Sequence[int | None], form: Callable[[int], str]) -> Fact:
    def said(form: Callable[[int], str]) -> tuple[str, ...]:
        return tuple(NONE if value is None else form(value) for value in values)

    words = said(form)
    words = said(grouped) if len(set(words)) < len(set(values)) else words
    return Fact(f"amount.{label}", label, words, _kinds(values))


def _row(parts: Parts) -> Row:
    facts = tuple(_of_parts(parts))
    kinds = tuple(_part_kind(parts[0], part, facts, index) for index, part in enumerate(parts))
    return Row(parts, kinds, facts)


def _of_parts(parts: Parts) -> Iterator[Fact]:
    """In how many layers they stand, where that isn't all of each model, then their own facts."""
    places = [None if part is None else part.place for part in parts]
    counts = {place.count for place in places if place is not None}
    if len(counts) == 1 or any(place is None or not place.everywhere for place in places):
        yield _where(places)
    kinds = ["" if part is None else part.kind for part in parts]
    yield from _facts(kinds, [{} if part is None else part.facts for part in parts])


def _part_kind(first: Part | None, part: Part | None, facts: Sequence[Fact], index: int) -> Kind:
    if first is None or part is None:
        return kind_of(None if first is None else 1, None if part is None else 1)
    return "kept" if all(fact.kinds[index] == "kept" for fact in facts) else "changed"


def _where(places: Sequence[Place | None]) -> Fact:
    """How many layers have the part: a count where counts tell it, else which ones."""
    values: list[Value] = [None if place is None else place.words for place in places]
    counts = {place.count for place in places if place is not None}
    spelled = {place.words for place in places if place is not None}
    words = tuple(
        NONE
        if place is None
        else place.words
        if len(spelled) > 1 and len(counts) == 1
        else f"{place.count:,}"
        for place in places
    )
    kinds = tuple(
        "changed" if kind == "kept" and words[0] != word else kind
        for kind, word in zip(_kinds(values), words, strict=True)
    )
    return Fact("layers", "layers", words, kinds)


def _traits(models: Sequence[Profile]) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The facts of the stream, and of the rest."""
    found = tuple(_facts([""] * len(models), [model.traits for model in models]))
    of_stream = {name for model in models for name in _stack_facts(model)}
    stream, whole = ([f for f in found if (f.name in of_stream) is own] for own in (True, False))
    return tuple(stream), tuple(whole)


def _stack_facts(model: Profile) -> Mapping[str, object]:
    stack = main_stack(model.architecture.root)
    return {} if stack is None else stack.facts


def _facts(kinds: Sequence[str], facts_of: Sequence[Mapping[str, Value]]) -> Iterator[Fact]:
    """One a name; where mechanisms call different things by it, one for each meaning."""
    for name in dict.fromkeys(name for facts in facts_of for name in facts):
        values = [facts.get(name) for facts in facts_of]
        called: dict[str, list[Value]] = {}
        known = None
        for index, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if value is not None:
                known = term(name, kind, number=numbers(*(v for v in values if v is not None)))
                called.setdefault(known.short, [None] * len(values))[index] = value
        assert known is not None
        for label, own in called.items():
            # In a narrow column.
            words = tuple(fact_words(name, v).replace("in some layers", "in some") for v in own)
            minor = known.level == "setting" or "." in name
            yield Fact(name, label, words, _kinds(own), minor)


def _kinds(values: Sequence[Value]) -> tuple[Kind, ...]:
    return tuple(kind_of(values[0], value) for value in values)
