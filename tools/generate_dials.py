"""Writes lessons/dials.json: the dial of each lesson on every other model of the catalog that has the concept.

Usage: python -m tools.generate_dials [--check].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import find, models
from llm_gallery.lessons.dials import FILE, Row, count
from llm_gallery.lessons.lesson import lessons
from llm_gallery.processes import ended_with_parent
from tools.generated import settled


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
    names = sorted(model.id for model in models())
    with ProcessPoolExecutor(initializer=ended_with_parent) as pool:
        found = dict(zip(names, pool.map(counted, names), strict=True))
    made = {concept: dict(_of(concept, found)) for concept in sorted(lessons())}
    whole = text({concept: rows for concept, rows in made.items() if rows})
    return settled(__doc__ or "", "tools.generate_dials", {FILE: whole})


def _of(concept: str, found: dict[str, list[tuple[str, Row]]]) -> Iterator[tuple[str, Row]]:
    for model, rows in found.items():
        yield from ((model, row) for name, row in rows if name == concept)


if __name__ == "__main__":
    sys.exit(main())
