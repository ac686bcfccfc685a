"""Writes lessons/dials.json: the dial of each lesson on every other model of the catalog that has the concept.

Usage: python -m tools.generate_dials [ID ...] [--check]; of all models where none is named.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import find, models
from llm_gallery.lessons.dials import FILE, Row, count, known
from llm_gallery.lessons.lesson import lessons
from llm_gallery.processes import ended_with_parent
from tools.generated import arguments, named, settled


def counted(model: str) -> list[tuple[str, Row]]:
    """The rows of a model, by concept."""
    has = concepts(find(model).architecture.root)
    taught = [lesson for name, lesson in lessons().items() if name in has and lesson.on != model]
    rows = [(one.id, count(one, one.dial, model)) for one in taught if one.dial is not None]
    return [(concept, row) for concept, row in rows if row is not None]


def text(rows: dict[str, dict[str, Row]]) -> str:
    """JSON with a line a model."""
    return "{\n" + ",\n".join(_concept(name, held) for name, held in rows.items()) + "\n}\n"


def _concept(name: str, rows: dict[str, Row]) -> str:
    lines = (
        f"{json.dumps(model)}:{json.dumps(row, separators=(',', ':'))}"
        for model, row in rows.items()
    )
    return f"{json.dumps(name)}:{{\n" + ",\n".join(lines) + "\n}"


def main() -> int:
    given = arguments(__doc__ or "", "models to count anew; all by default")
    names = sorted(entry.id for entry in named(given.ids)) or sorted(one.id for one in models())
    with ProcessPoolExecutor(initializer=ended_with_parent) as pool:
        found = dict(zip(names, pool.map(counted, names), strict=True))
    before = known() if given.ids else {}
    made = {one: joined(before.get(one, {}), found, one) for one in sorted(lessons())}
    whole = text({concept: rows for concept, rows in made.items() if rows})
    return settled(__doc__ or "", "tools.generate_dials", {FILE: whole}, given.check)


def joined(
    before: Mapping[str, Row], found: Mapping[str, list[tuple[str, Row]]], concept: str
) -> dict[str, Row]:
    """The rows of a concept: of the models that were counted now, and of the others as before."""
    rows = {model: row for model, row in before.items() if model not in found}
    return dict(sorted((rows | dict(_of(concept, found))).items()))


def _of(concept: str, found: Mapping[str, list[tuple[str, Row]]]) -> Iterator[tuple[str, Row]]:
    for model, rows in found.items():
        yield from ((model, row) for name, row in rows if name == concept)


if __name__ == "__main__":
    sys.exit(main())
