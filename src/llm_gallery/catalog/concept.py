"""A concept of the catalog: what it is, its formula, and the paper that introduced it; one file each in `concepts/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.mechanisms.colour import Colour

CONCEPTS = Path(__file__).parent / "concepts"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where a concept was introduced, and when."""

    title: str
    link: str
    year: int


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
    reads: str = ""  # what a reader needs to know of the formula's letters
    drawn: str = ""  # the kind of block whose drawing shows it
    colour: Colour | Literal[""] = ""  # its mechanism, where that is not its area's


@cache
def concepts(directory: Path = CONCEPTS) -> Mapping[str, Concept]:
    """Every concept by its id. Raises Refusal naming the first file that is incomplete or wrong."""
    return {file.stem: _concept(file) for file in sorted(directory.glob("*.toml"))}


def _concept(file: Path) -> Concept:
    table = tomllib.loads(file.read_text("utf-8"))
    paper, aliases = table.pop("paper", {}), tuple(table.pop("aliases", ()))
    try:
        made = Concept(id=file.stem, paper=Paper(**paper), aliases=aliases, **table)
    except TypeError as error:
        raise Refusal(f"{file.name} has wrong keys ({error}); correct the concept") from None
    _checked(file, {"link": made.paper.link, "area": made.area, "text": made.text})
    if not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise Refusal(
            f"{file.name} has the aliases {quoted(list(aliases))}, expected a list of names"
        )
    return made


def _checked(file: Path, table: Mapping[str, Any]) -> None:
    if urlsplit(table["link"]).scheme != "https":
        raise Refusal(f"{file.name} links to {quoted(table['link'])}, expected an https address")
    if table["area"] not in get_args(Area):
        areas = ", ".join(get_args(Area))
        raise Refusal(f"{file.name} has the area {quoted(table['area'])}, expected one of {areas}")
    if not table["text"].strip():
        raise Refusal(f"{file.name} has no text, expected a sentence that says what it is")
