"""Concepts as their folders hold them: each read when it is asked for, and checked by rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.rules import faults
from llm_gallery.concepts._concept import (
    Before,
    Change,
    Choice,
    Concept,
    FirstOpen,
    Had,
    New,
    Paper,
    Saves,
    Step,
    Without,
)
from llm_gallery.concepts._rules import rules_among

CONCEPTS = Path(__file__).parent
CONCEPT = "concept.toml"


class Concepts(Mapping[str, Concept]):
    """Every concept by its id; a file is read when its concept is asked for.

    Raises Mistake, with the file and all that is wrong in it, when such a concept is asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Concept] = {}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The names of the folders, sorted."""
        return tuple(sorted(file.parent.name for file in self._folder.glob(f"*/{CONCEPT}")))

    def __getitem__(self, name: str) -> Concept:
        if name not in self._read:
            if name not in self.ids:
                raise KeyError(name)
            self._read[name] = _concept(self._folder / name / CONCEPT, self.ids)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


@cache
def concepts(folder: Path = CONCEPTS) -> Mapping[str, Concept]:
    """The concepts of a folder of folders."""
    return Concepts(folder)


def _where(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _concept(file: Path, ids: tuple[str, ...]) -> Concept:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"is no TOML: {error}; correct the concept", f"{_where(file)} ") from None
    _spread(table)
    if wrong := [*map(str, faults(table, rules_among(ids)))]:
        raise Mistake(f"{'; '.join(wrong)}; correct the concept", f"{_where(file)}: ")
    return _checked_concept(file.parent.name, table)


def _spread(table: dict[str, Any]) -> None:
    """What may be written short: one line for a list of one."""
    new, saves = table.get("new"), table.get("saves")
    if isinstance(new, dict) and isinstance(new.get("before"), str):
        new["before"] = [{"says": new["before"]}]
    for held, keys in ((new, ("counted",)), (saves, ("how", "than"))):
        if isinstance(held, dict):
            held |= {key: [held[key]] for key in keys if isinstance(held.get(key), str)}


def _checked_concept(name: str, table: dict[str, Any]) -> Concept:
    new = table.pop("new", {})
    before, changes = new.pop("before", None), new.pop("changes", None)
    if before is not None:
        new["before"] = tuple(Before(**_tupled(rule)) for rule in before)
    if changes is not None:
        new["changes"] = Change(**changes)
    parts: tuple[tuple[str, type], ...] = (
        ("paper", Paper), ("first_open", FirstOpen), ("had", Had), ("saves", Saves), ("without", Without),
    )  # fmt: skip
    tables = {key: of(**_tupled(table.pop(key))) for key, of in parts if key in table}
    recipe = tuple(Choice(**choice) for choice in table.pop("recipe", ()))
    steps = tuple(Step(**step) for step in table.pop("steps", ()))
    return Concept(
        id=name,
        new=New(**_tupled(new)),
        recipe=recipe,
        steps=steps,
        **tables,
        **_tupled(table),
    )


def _tupled(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def built_on(concept: str) -> frozenset[str]:
    """What must be known before a concept, and before that; empty for one that no folder describes."""
    known, before = concepts(), set[str]()
    todo = [concept] if concept in known else []
    while todo:
        more = set(known[todo.pop()].after) - before
        before |= more
        todo += more
    return frozenset(before)
