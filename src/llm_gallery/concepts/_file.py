"""Concepts as their folders hold them: each read when it is asked for, and checked by rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, get_args

from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.rules import List, Rule, Table, address, faults, line, one_of, whole
from llm_gallery.concepts._concept import (
    Area,
    Before,
    Choice,
    Concept,
    FirstOpen,
    Group,
    Had,
    New,
    Paper,
    Picture,
    Rank,
    RecipePart,
    Saves,
    Saving,
    Step,
    Without,
)
from llm_gallery.mechanisms.colour import Colour

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
    if wrong := [*map(str, faults(table, _rules(ids)))]:
        raise Mistake(f"{'; '.join(wrong)}; correct the concept", f"{_where(file)}: ")
    return _made(file.parent.name, table)


def _spread(table: dict[str, Any]) -> None:
    """What may be written short: one line for a list of one."""
    new, saves = table.get("new"), table.get("saves")
    if isinstance(new, dict) and isinstance(new.get("before"), str):
        new["before"] = [{"says": new["before"]}]
    if isinstance(saves, dict) and isinstance(saves.get("how"), str):
        saves["how"] = [saves["how"]]


def _made(name: str, table: dict[str, Any]) -> Concept:
    new = table.pop("new", {})
    before = new.pop("before", None)
    if before is not None:
        new["before"] = tuple(Before(**_tupled(one)) for one in before)
    parts: tuple[tuple[str, type], ...] = (
        ("paper", Paper), ("first_open", FirstOpen), ("had", Had), ("saves", Saves), ("without", Without),
    )  # fmt: skip
    made = {key: of(**_tupled(table.pop(key))) for key, of in parts if key in table}
    recipe = tuple(Choice(**one) for one in table.pop("recipe", ()))
    steps = tuple(Step(**one) for one in table.pop("steps", ()))
    return Concept(id=name, new=New(**new), recipe=recipe, steps=steps, **made, **_tupled(table))


def _tupled(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in table.items()}


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "words"


def _day(value: object) -> str:
    return "" if type(value) is date else "a day, without quotes"


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _facts(value: object) -> str:
    return "" if isinstance(value, dict) else "a table of facts"


_place: Rule = partial(whole, least=1, most=99)
_words: Rule = partial(line, least=1, most=200)


def _choice(choices: Any) -> Rule:
    return partial(one_of, choices=get_args(choices))


@cache
def _rules(ids: tuple[str, ...]) -> Table:
    """What a concept's file may say, among concepts of these ids."""
    concept: Rule = partial(one_of, choices=ids, what="the id of a concept")
    listed = List(what="a list of concepts", each=concept)
    held = partial(one_of, choices=(*get_args(Group), *ids), what="the id of a concept, or a group")
    having = List(what="a list of concepts and groups", each=held)
    named = List(what="a list of names", each=_words)
    before = Table(
        what="a rule of what was there before",
        rules={"says": lambda said: "" if said == "" else _words(said), "where": having, "unless": having, "gated": _flag},
        needed=("says",),
    )  # fmt: skip
    return Table(
        what="a concept",
        rules={
            "name": _words,
            "area": _choice(Area),
            "text": _text,
            "paper": Table(
                what="a paper",
                rules={"title": _words, "link": address, "year": partial(whole, least=1900, most=2100)},
                needed=("title", "link", "year"),
            ),
            "short": _words,
            "aliases": named,
            "more": _text,
            "formula": _text,
            "after": listed,
            "next": listed,
            "beside": listed,
            "first_open": Table(
                what="a first model",
                rules={"model": _words, "released": _day, "link": address},
                needed=("model", "released", "link"),
            ),
            "drawn": partial(one_of, choices=kinds(), what="a kind of block"),
            "colour": _choice(Colour),
            "new": Table(
                what="what is new",
                rules={
                    "rank": _choice(Rank),
                    "place": _place,
                    "before": List(what="words or a list of rules", each=before),
                    "picture": _choice(Picture),
                    "title": _words,
                    "words": _words,
                    "of_states": _flag,
                },
            ),
            "had": Table(
                what="what was had",
                rules={"group": _choice(Group), "says": _words},
                needed=("group",),
            ),
            "saves": Table(
                what="a saving",
                rules={
                    "of": _choice(Saving),
                    "undone": _words,
                    "how": List(what="words or a list of them", each=_words),
                    "drawn": _words,
                    "place": _place,
                },
                needed=("of", "undone"),
            ),
            "recipe": List(
                what="[[recipe]] tables",
                each=Table(
                    what="a choice of a recipe",
                    rules={"part": _choice(RecipePart), "place": _place, "called": _words},
                    needed=("part",),
                ),
            ),
            "steps": List(
                what="[[steps]] tables",
                each=Table(
                    what="a step",
                    rules={"title": _words, "slug": _words, "says": _words},
                    needed=("title", "slug", "says"),
                ),
            ),
            "without": Table(
                what="what is undone",
                rules={
                    "facts": named,
                    "roles": named,
                    "kinds": named,
                    "stored": named,
                    "instead": _facts,
                    "parts": named,
                    "like": concept,
                    "partly": _flag,
                },
            ),
        },
        needed=("name", "area", "text", "paper"),
    )  # fmt: skip


def built_on(concept: str) -> frozenset[str]:
    """What must be known before a concept, and before that; empty for one that no folder describes."""
    known, found = concepts(), set[str]()
    todo = [concept] if concept in known else []
    while todo:
        more = set(known[todo.pop()].after) - found
        found |= more
        todo += more
    return frozenset(found)
