"""The meaning of each number, fact and concept in one sentence, and the anchor that explains it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from llm_gallery import concepts as described
from llm_gallery.mechanisms import facts as mechanisms
from llm_gallery.mechanisms.wording import capital


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning and the anchor that explains it on the page of definitions."""

    anchor: str
    name: str
    text: str


@cache
def counted() -> Mapping[str, Term]:
    """The terms of numbers that are counted; the anchors are headings of docs/definitions.md."""
    text = files("llm_gallery.site").joinpath("vocabulary.toml").read_text("utf-8")
    return {name: Term(**row) for name, row in tomllib.loads(text).items()}


@cache
def facts() -> tuple[Term, ...]:
    """Every fact of the sheets once, with all that it is called in one kind of block or another."""
    called: dict[str, dict[str, None]] = {}
    for known in mechanisms.terms().values():
        if known.meaning:
            called.setdefault(known.name, {})[known.heading] = None
    return tuple(
        replace(fact(mechanisms.term(name)), name=" / ".join(headings))
        for name, headings in called.items()
    )


def fact(known: mechanisms.Term) -> Term:
    """The term of a row of a sheet."""
    return Term(f"fact-{known.name.replace('_', '-')}", known.heading, known.meaning)


@cache
def concepts() -> Mapping[str, Term]:
    """The terms of concepts, by their id."""
    return {
        name: Term(f"concept-{name}", known.name, known.text)
        for name, known in described.concepts().items()
    }


def concept(name: str) -> Term:
    """The term of a concept; one without a sentence has its id as its name."""
    plain = name.replace("-", " ")
    return concepts().get(name, Term("concepts", capital(plain), ""))
