"""A concept of the catalog: what it is, its formula, and the paper that introduced it; one folder each in `concepts/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from llm_gallery.architecture.kinds import KINDS
from llm_gallery.architecture.mistake import expect_names
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.catalog.reading import Reading, readings
from llm_gallery.mechanisms.colour import Colour

CONCEPTS = Path(__file__).parent / "concepts"
CONCEPT = "concept.toml"

Area = Literal[
    "attention",
    "positions",
    "recurrent",
    "experts",
    "mlp",
    "norms",
    "residual",
    "embeddings",
    "around",
]
"""What part of a model a concept is about."""
AREAS: Mapping[Area, tuple[str, Colour]] = {
    "attention": ("Attention", "full"),
    "positions": ("Positions", "position"),
    "recurrent": ("State instead of a cache", "linear"),
    "experts": ("Experts", "moe"),
    "mlp": ("Feed-forward", "mlp"),
    "norms": ("Norms", "norm"),
    "residual": ("Residual stream", "norm"),
    "embeddings": ("Embeddings and tables", "embedding"),
    "around": ("Around the stack", "embedding"),
}
"""The title of each area, in the order of the index, and its colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where a concept was introduced, and when."""

    title: str
    link: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOpen:
    """The first model with open weights that had it, in this catalog or not, and where that is told."""

    model: str
    released: date
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One idea by which models are found, compared and explained."""

    id: str
    name: str
    area: Area
    text: str  # one sentence: what it is
    paper: Paper
    short: str = ""  # the abbreviation that people say
    aliases: tuple[str, ...] = ()  # what else people call it, by which it is searched for
    more: str = ""  # one sentence: what it is for
    formula: str = ""  # TeX
    after: tuple[str, ...] = ()  # concepts that must be known first
    next: tuple[str, ...] = ()  # what comes next
    beside: tuple[str, ...] = ()  # itself among its alternatives, in the order in which they came
    first_open: FirstOpen | None = None
    reading: tuple[Reading, ...] = ()
    drawn: str = ""  # the kind of block whose drawing shows it
    colour: Colour | Literal[""] = ""  # its mechanism, where that is not its area's

    @property
    def mechanism(self) -> Colour:
        """The mechanism whose colour stands for it."""
        return self.colour or AREAS[self.area][1]


@cache
def concepts(directory: Path = CONCEPTS) -> Mapping[str, Concept]:
    """Every concept by its id. Raises Refusal or Mistake naming the first file that is incomplete or wrong."""
    files = sorted(directory.glob(f"*/{CONCEPT}"))
    known = {file.parent.name: _concept(file) for file in files}
    for name, concept in known.items():
        for key in LED:
            for other in getattr(concept, key):
                expect_names([other], known, key, "a concept's id", f"{name}/{CONCEPT}: ")
    return known


def built_on(concept: str) -> frozenset[str]:
    """What must be known before a concept, and before that; empty for one that the catalog doesn't describe."""
    known, found = concepts(), set[str]()
    todo = [concept] if concept in known else []
    while todo:
        more = set(known[todo.pop()].after) - found
        found |= more
        todo += more
    return frozenset(found)


LED = ("after", "next", "beside")
"""Keys that name other concepts."""


def _concept(file: Path) -> Concept:
    table, where = tomllib.loads(file.read_text("utf-8")), f"{file.parent.name}/{file.name}"
    paper, first = table.pop("paper", {}), table.pop("first_open", None)
    given: dict[str, Any] = {key: tuple(table.pop(key, ())) for key in ("aliases", *LED)}
    reading = readings(table.pop("reading", []), where)
    _keys_known(where, "", {**table, **given}, Concept)
    _keys_known(where, "paper.", paper, Paper)
    _keys_known(where, "first_open.", first or {}, FirstOpen)
    try:
        made = Concept(
            id=file.parent.name,
            paper=Paper(**paper),
            first_open=None if first is None else FirstOpen(**first),
            reading=reading,
            **given,
            **table,
        )
    except TypeError as error:
        raise Refusal(f"{where} has wrong keys ({error}); correct the concept") from None
    _checked(where, {"link": made.paper.link, "text": made.text})
    expect_names([made.area], AREAS, "area", "an area", f"{where}: ")
    colours = get_args(Colour)
    expect_names(filter(None, [made.colour]), colours, "colour", "a colour", f"{where}: ")
    kind = "a kind of architecture/kinds.py"
    expect_names(filter(None, [made.drawn]), KINDS, "drawn", kind, f"{where}: ")
    if not all(isinstance(alias, str) and alias.strip() for alias in made.aliases):
        raise Refusal(
            f"{where} has the aliases {quoted(list(made.aliases))}, expected a list of names"
        )
    return made


def _keys_known(where: str, above: str, table: Mapping[str, Any], of: type[Any]) -> None:
    known = [f"{above}{one.name}" for one in fields(of)]
    expect_names(
        (f"{above}{key}" for key in table), known, "a key", "a key of a concept", f"{where}: "
    )


def _checked(where: str, table: Mapping[str, Any]) -> None:
    if urlsplit(table["link"]).scheme != "https":
        raise Refusal(f"{where} links to {quoted(table['link'])}, expected an https address")
    if not table["text"].strip():
        raise Refusal(f"{where} has no text, expected a sentence that says what it is")
