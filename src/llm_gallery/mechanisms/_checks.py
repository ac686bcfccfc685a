"""What a mechanism's module names is looked up when the module is loaded: colours, facts, kinds, and what a run reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import CodeType
from typing import Any, get_args

from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.mistake import expect_names
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.facts import names_of_facts

BUILDERS = "llm_gallery.architecture.parts.recurrent"
FACT = "a fact of mechanisms/facts.toml"


def check_kind(kind: str) -> None:
    """Raises Mistake for a kind that no block can have."""
    expect_names([kind], kinds(), "the kind", "a kind that architecture/parts/ builds")


def check_colour(colour: object, what: str) -> None:
    """Raises Mistake for what is no colour; what gives a block's colour is asked when it is drawn."""
    if not callable(colour):
        expect_names([str(colour)], get_args(Colour), what, "a colour")


def check_facts(facts: Iterable[str], what: str, kind: str = "") -> None:
    """Raises Mistake for what is no fact, or none that the builder of the kind, if it has one of its own, states."""
    named = [*facts]
    expect_names(named, names_of_facts(), what, FACT)
    if kind and find_spec(f"{BUILDERS}.{kind}") is not None:
        stated = names_of_facts() & _named_by_builder(kind)
        builder = f"architecture/parts/recurrent/{kind}.py"
        expect_names(named, sorted(stated), what, f"a fact that {builder} states")


def facts_in(template: object) -> list[str]:
    """The facts that stand in a line as {fact}; none in what isn't a line."""
    return re.findall(r"{(\w+)}", template) if isinstance(template, str) else []


@cache
def _named_by_builder(kind: str) -> frozenset[str]:
    """Every name that a kind's builder writes: the facts that it states are among them."""
    module = import_module(f"{BUILDERS}.{kind}")
    builder: Any = getattr(module, kind)
    return frozenset(_names(builder.__code__))


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_varnames)
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield from _names(held)
        for name in held if isinstance(held, tuple) else (held,):
            if isinstance(name, str):
                yield name
