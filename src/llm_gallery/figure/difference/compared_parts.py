"""What the difference figure shows, before anything has a place: parts in rows, facts with their signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.change import Kind, kind_of, numbers
from llm_gallery.comparison.compare import Comparison
from llm_gallery.comparison.phrases import fact_words
from llm_gallery.comparison.profile import Part, Place
from llm_gallery.comparison.table import TableRow, part_rows, table
from llm_gallery.mechanisms.facts import term


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in the words of each model; `kinds` says what became of the first one's value."""

    label: str
    words: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def kept(self) -> bool:
        """Whether all models agree."""
        return all(kind == "kept" for kind in self.kinds)


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


HEADLINE = ("total", "active", "cache_bytes_per_token", "state_bytes")
"""The numbers in the head of two models."""


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """Every part of the models, token mixers first."""
    return tuple(_row(parts) for parts in part_rows(comparison.models))


def traits(comparison: Comparison) -> tuple[Fact, ...]:
    """The facts of the whole."""
    return tuple(_facts("", [model.traits for model in comparison.models]))


def consequences(comparison: Comparison) -> tuple[Fact, ...]:
    """What follows from the rest, where any model has it; of two models, without the headline numbers."""
    section = table(comparison.models)[-1]
    values = {row.name: row.values for row in section.rows}
    same = {"active": "total", "cache_bytes_per_token_long": "cache_bytes_per_token"}
    return tuple(
        Fact(f"{row.label[0].lower()}{row.label[1:]}", _shown_values(row), _kinds(row.values))
        for row in section.rows
        if any(row.values) and row.values != values.get(same.get(row.name, ""))
        if len(comparison.models) > 2 or row.name not in HEADLINE
    )


def _shown_values(row: TableRow) -> tuple[str, ...]:
    """The values as shown: to the last digit where fewer would hide a difference."""
    if len(set(row.words)) == len(set(row.values)):
        return row.words
    return tuple(f"{value:,}" for value in row.values)


def _row(parts: tuple[Part | None, ...]) -> Row:
    shown = next(part for part in parts if part is not None)
    facts = tuple(_facts(shown.kind, [{} if part is None else part.facts for part in parts]))
    where = _where([None if part is None else part.place for part in parts])
    kinds = tuple(
        _part_kind(parts[0], part, [where, *facts], index) for index, part in enumerate(parts)
    )
    return Row(parts, kinds, (where, *facts))


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
        "–"
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
    return Fact("layers", words, kinds)


def _facts(kind: str, facts_of: Sequence[Mapping[str, Value]]) -> Iterator[Fact]:
    for name in dict.fromkeys(name for facts in facts_of for name in facts):
        values = [facts.get(name) for facts in facts_of]
        label = term(name, kind, number=numbers(*values)).short
        # In a narrow column.
        words = tuple(fact_words(name, v).replace("in some layers", "in some") for v in values)
        yield Fact(label, words, _kinds(values))


def _kinds(values: Sequence[Value]) -> tuple[Kind, ...]:
    return tuple(kind_of(values[0], value) for value in values)
