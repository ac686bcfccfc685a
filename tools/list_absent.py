"""What a concept's folder may hold and doesn't: `python -m tools.list_absent [ID ...]`, by default of every concept."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from llm_gallery.architecture.mistake import Mistake, expect_names
from llm_gallery.concepts import CONCEPTS, Concept, concepts, undo_of

FILES = ("lesson.toml", "reading.toml", "ablations.toml")


def absent(concept: Concept) -> Iterator[str]:
    """The names of files and tables that aren't there."""
    yield from (name for name in FILES if not (CONCEPTS / concept.id / name).exists())
    held = {
        "formula": concept.formula,
        "drawn": concept.drawn,
        "first_open": concept.first_open,
        "[new] rank": concept.new.rank,
        "[new] before": concept.new.before is not None or concept.had,
        "[new] picture": concept.new.picture,
        "[had]": concept.had,
        "[saves]": concept.saves,
        "[[recipe]]": concept.recipe,
        "[[steps]]": concept.steps,
        "[without] or code": undo_of(concept.id),
    }
    yield from (name for name, value in held.items() if not value)


def main(names: list[str]) -> None:
    """A line for each concept."""
    try:
        expect_names(names, concepts(), "the concept", "a folder of concepts/", "")
    except Mistake as mistake:
        raise SystemExit(str(mistake)) from None
    for name in names or concepts():
        print(f"{name} has no {', '.join(absent(concepts()[name]))}")


if __name__ == "__main__":
    main(sys.argv[1:])
