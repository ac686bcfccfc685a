"""A value and how we know it: config values keep their origin until they become a fact of a block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar, cast

Evidence = Literal["stated", "assumed", "implied", "published", "derived"]
Value = int | float | str | bool | None
T = TypeVar("T")
UNSTATED = "not stated"
"""The value of a number that a config leaves open: the reference builds such a model, and can't run it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a block.

    `evidence` is one word of `docs/definitions.md`; `source` is the config key, the formula or the
    address that says so, and empty where the model class implies it.
    """

    value: Value
    evidence: Evidence = "implied"
    source: str = ""


class Origin(NamedTuple):
    """Where a config value came from: its evidence and its key."""

    evidence: Evidence
    source: str


class _Int(int):
    origin: Origin


class _Float(float):
    origin: Origin


class _Str(str):
    origin: Origin


def known(value: T, evidence: Evidence, source: str) -> T:
    """The same value, carrying its origin; arithmetic drops it, so a computed value can't claim a key.

    bool and None can't carry one: `fact(value, evidence, source)` states theirs.
    """
    carrier: _Int | _Float | _Str
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        carrier = _Int(value)
    elif isinstance(value, float):
        carrier = _Float(value)
    elif isinstance(value, str):
        carrier = _Str(value)
    else:
        return value
    carrier.origin = Origin(evidence, source)
    return cast(T, carrier)


def derived(value: T, formula: str) -> T:
    """A value computed from others, with the formula that says how."""
    return known(value, "derived", formula)


def fact(value: Value | Fact) -> Fact:
    """The fact behind a value: with its origin where it carries one, implied by the class otherwise."""
    if isinstance(value, Fact):
        return value
    if isinstance(value, _Int):
        return Fact(int(value), value.origin.evidence, value.origin.source)
    if isinstance(value, _Float):
        return Fact(float(value), value.origin.evidence, value.origin.source)
    if isinstance(value, _Str):
        return Fact(str(value), value.origin.evidence, value.origin.source)
    return Fact(value)
