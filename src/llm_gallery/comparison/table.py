"""Every fact of several models in aligned rows: what a reader scans to see where they part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from llm_gallery.comparison.alignment import pairs
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.changes import ROLES
from llm_gallery.comparison.consequences import LABELS, consequence_words
from llm_gallery.comparison.phrases import fact_words
from llm_gallery.comparison.profile import Part, Profile
from llm_gallery.mechanisms.facts import term
from llm_gallery.mechanisms.wording import capital
from llm_gallery.mechanisms.written import WITHOUT_POSITIONS


@dataclass(frozen=True, slots=True)
class TableRow:
    """One fact, a value a model; None where a model has no such fact."""

    name: str
    label: str
    values: tuple[Value, ...]
    words: tuple[str, ...]  # the values as shown

    @property
    def same(self) -> bool:
        """Whether all models agree."""
        return len(set(self.values)) == 1


@dataclass(frozen=True, slots=True)
class TableSection:
    """The facts of one part, or of the whole."""

    title: str
    kind: str  # of the block; "" for the whole, "consequences" for what follows
    rows: tuple[TableRow, ...]


def table(models: Sequence[Profile]) -> tuple[TableSection, ...]:
    """The whole, each part beside those that answer to it in the first model, then what follows."""
    whole = _section("Model", "", [model.traits for model in models])
    sections = [replace(whole, rows=tuple(_stated(row, models) for row in whole.rows))]
    for row in part_rows(models):
        title = " / ".join(dict.fromkeys(_title(part) for part in row if part is not None))
        kind = next(part.kind for part in row if part is not None)
        facts = [_placed(part) for part in row]
        sections.append(_section(title, kind, facts))
    consequences = [
        TableRow(
            name,
            capital(label),
            tuple(model.consequences[name] for model in models),
            tuple(consequence_words(name, model) for model in models),
        )
        for name, label in LABELS.items()
    ]
    return (*sections, TableSection("What follows", "consequences", tuple(consequences)))


def _stated(row: TableRow, models: Sequence[Profile]) -> TableRow:
    """A context that only the class's default states says so: it isn't compared."""
    if row.name != "context":
        return row
    pairs = zip(row.words, models, strict=True)
    return replace(
        row,
        words=tuple(f"{w} by default" if profile.assumes_context else w for w, profile in pairs),
    )


def _title(part: Part) -> str:
    return part.label if part.rotated else f"{part.label} {WITHOUT_POSITIONS}"


def _placed(part: Part | None) -> Mapping[str, Value]:
    return {} if part is None else {"place": part.place.words, **part.facts}


def _section(title: str, kind: str, columns: Sequence[Mapping[str, Value]]) -> TableSection:
    names = dict.fromkeys(name for facts in columns for name in facts)
    rows = []
    for name in names:
        values = tuple(facts.get(name) for facts in columns)
        numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        heading = term(name, kind, number=numbers).heading
        words = tuple(fact_words(name, value) for value in values)
        rows.append(TableRow(name, heading, values, words))
    return TableSection(title, kind, tuple(rows))


def part_rows(models: Sequence[Profile]) -> Iterator[tuple[Part | None, ...]]:
    """Parts that answer to each other: to those of the first model, else of the first that has one."""
    for role in ROLES:
        rows: list[list[Part | None]] = []
        for index, model in enumerate(models):
            known = [next(part for part in row if part is not None) for row in rows]
            parts = [part for part in model.parts if part.role == role]
            for pair in pairs(known, parts):
                if pair.old is None:
                    rows.append([*[None] * index, pair.new])
                else:
                    rows[known.index(pair.old)].append(pair.new)
        yield from map(tuple, rows)
