"""A comparison as text, as Markdown, and as plain data with stable keys (docs/comparison.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llm_gallery.comparison.block_facts import Plain, Value
from llm_gallery.comparison.change import Change
from llm_gallery.comparison.changes import Aligned, Row
from llm_gallery.comparison.compare import Comparison, Difference
from llm_gallery.comparison.consequences import CACHE, LABELS, LONG
from llm_gallery.comparison.phrases import fact_words
from llm_gallery.comparison.profile import Part
from llm_gallery.comparison.table import TableSection, table
from llm_gallery.comparison.themes import theme, themed

Json = dict[str, Any]


def text(comparison: Comparison) -> str:
    """The differences in sentences, all changes by theme, then the facts that differ, in columns."""
    lines = []
    for difference in comparison.differences:
        lines += [_sentences(difference), ""]
        lines += [
            f"{title}: {'; '.join(words)}." for title, words in themed(difference.changes).items()
        ]
        lines += [""] if difference.changes else []
    sections = _differing(comparison)
    columns = [[row.label, *row.words] for section in sections for row in section.rows]
    names = ["", *(model.name for model in comparison.models)]
    widths = [max(len(row[i]) for row in (names, *columns)) for i in range(len(names))]
    if sections:
        lines += [_aligned(names, widths)]
    for section in sections:
        lines += ["", section.title]
        lines += [_aligned([row.label, *row.words], widths) for row in section.rows]
    return "\n".join(lines).rstrip() + "\n"


def markdown(comparison: Comparison) -> str:
    """The same, with lists of changes and a table of what differs."""
    names = [escaped(model.name) for model in comparison.models]
    lines = [f"# {', '.join(names)}", ""]
    for difference in comparison.differences:
        lines += [escaped(_sentences(difference)), ""]
        lines += [
            f"- **{title}:** {escaped('; '.join(words))}"
            for title, words in themed(difference.changes).items()
        ]
        lines += [""] if difference.changes else []
    for section in _differing(comparison):
        lines += [f"## {escaped(section.title)}", "", f"| | {' | '.join(names)} |"]
        lines.append(f"|---|{'---|' * len(names)}")
        lines += [
            f"| {escaped(row.label)} | {' | '.join(map(escaped, row.words))} |"
            for row in section.rows
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def to_json(comparison: Comparison) -> Json:
    """Plain dictionaries, lists and scalars; keys may be added, never changed."""
    return {
        "models": [{"id": model.id, "name": model.name} for model in comparison.models],
        "differences": [_difference(difference) for difference in comparison.differences],
        "table": [_section(section) for section in table(comparison.models)],
    }


def change_json(change: Change) -> Json:
    """One change."""
    return {
        "key": change.key,
        "role": change.role,
        "part": change.part,
        "change": change.kind,
        "level": change.level,
        "theme": theme(change),
        "label": change.label,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "weight": change.weight,
        "words": change.words,
    }


def _plain(value: Value) -> Plain | list[Plain]:
    return list(value) if isinstance(value, tuple) else value


def _sentences(difference: Difference) -> str:
    return " ".join(difference.sentences) or "No difference."


def _differing(comparison: Comparison) -> tuple[TableSection, ...]:
    """What differs; the cache of long contexts only where a model has windows."""
    consequences = [model.consequences for model in comparison.models]
    windows = any(consequence[LONG] != consequence[CACHE] for consequence in consequences)
    cut = (
        TableSection(
            s.title,
            s.kind,
            tuple(row for row in s.rows if not row.same and (windows or row.name != LONG)),
        )
        for s in table(comparison.models)
    )
    return tuple(section for section in cut if section.rows)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def escaped(text: str) -> str:
    """Text in which no character means anything to Markdown."""
    return "".join(f"\\{c}" if c in "\\|*_<>[]`#" else c for c in text)


def _difference(difference: Difference) -> Json:
    old, new = difference.old, difference.new
    return {
        "from": old.id,
        "to": new.id,
        "sentences": list(difference.sentences),
        "causes": [change_json(change) for change in difference.causes],
        "scale": [change_json(change) for change in difference.scale],
        "settings": [change_json(change) for change in difference.settings],
        "consequences": [
            {"key": key, "label": label, "old": old.consequences[key], "new": new.consequences[key]}
            for key, label in LABELS.items()
        ],
        "parts": [_part(part) for part in difference.parts],
        "schedule": [
            {"old": step.old, "new": step.new, "layers": step.count, "same": step.same}
            for step in difference.schedule
        ],
    }


def _part(part: Aligned) -> Json:
    return {
        "role": part.role,
        "change": part.kind,
        "old": _side(part.old),
        "new": _side(part.new),
        "facts": [_row(row) for row in part.rows],
    }


def _side(part: Part | None) -> Json | None:
    if part is None:
        return None
    return {"kind": part.kind, "label": part.label, "layers": part.place.words}


def _row(row: Row) -> Json:
    return {
        "name": row.name,
        "label": row.label,
        "change": row.kind,
        "old": _plain(row.old),
        "new": _plain(row.new),
        "words": [fact_words(row.name, row.old), fact_words(row.name, row.new)],
    }


def _section(section: TableSection) -> Json:
    return {
        "title": section.title,
        "kind": section.kind,
        "rows": [
            {
                "name": row.name,
                "label": row.label,
                "values": [_plain(value) for value in row.values],
                "words": list(row.words),
                "same": row.same,
            }
            for row in section.rows
        ],
    }
