"""What each fact and each concept means, in one sentence: the words of `vocabulary.toml` and of the concepts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from llm_gallery.analysis.sheet import LABELS
from llm_gallery.catalog import concept as catalog


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning and the anchor that explains it on the page of definitions."""

    anchor: str
    name: str
    text: str


@cache
def counted() -> Mapping[str, Term]:
    """The terms of numbers that are counted; the anchors are headings of docs/definitions.md."""
    return {name: Term(**held) for name, held in _table("counted").items()}


@cache
def facts() -> Mapping[str, Term]:
    """The terms of a fact sheet, by their label."""
    return {
        LABELS[name]: Term(f"fact-{name.replace('_', '-')}", LABELS[name], text)
        for name, text in _table("facts").items()
    }


@cache
def concepts() -> Mapping[str, Term]:
    """The terms of concepts, by their id."""
    return {
        name: Term(f"concept-{name}", held.name, held.text)
        for name, held in catalog.concepts().items()
    }


def concept(name: str) -> Term:
    """The term of a concept; one without a sentence has its id as its name."""
    plain = name.replace("-", " ")
    return concepts().get(name, Term("concepts", plain[:1].upper() + plain[1:], ""))


def _table(name: str) -> dict[str, Any]:
    text = files("llm_gallery.site").joinpath("vocabulary.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(text)[name]
    return table
