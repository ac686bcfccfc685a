"""Rules for tables that people write: each key with its rule, which tells in words what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from llm_gallery.architecture.mistake import nearest_name
from llm_gallery.architecture.refusal import printable, quoted

Rule = Callable[[object], str]
"""What was expected of a value; nothing where it is right."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, the keys that it may have and those that it must."""

    what: str  # "a reading"
    rules: Mapping[str, Rule | Table | List]
    needed: Collection[str] = ()
    computed: Collection[str] = ()  # what a reader may expect in it, and the software counts


@dataclass(frozen=True, kw_only=True)
class List:
    """A list whose values follow one rule."""

    what: str  # "a list of sentences"
    each: Rule | Table


class Fault(NamedTuple):
    """What is wrong with one key."""

    key: str
    words: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.key} {self.words}"


def faults(value: object, table: Table, at: str = "") -> Iterator[Fault]:
    """All that is wrong with a table, which stands at a path."""
    if not isinstance(value, Mapping):
        expected = " and ".join(table.needed)
        *more, last = table.needed or ("",)
        expected = f" of {', '.join(more)} and {last}" if more else ""
        yield Fault(at, f"is {quoted(value)}, expected a table{expected}")
        return
    path = f"{at}." if at else ""
    for key in value:
        if key in table.computed:
            yield Fault(path + key, "is computed from the config, expected no such key")
        elif key not in table.rules:
            known, near = ", ".join(table.rules), nearest_name(key, table.rules)
            said = f"is no key of {table.what}, expected {known}, the nearest is {near}"
            yield Fault(path + printable(key), said)
    for key, rule in table.rules.items():
        if key in value:
            yield from _of_value(value[key], rule, path + key)
        elif key in table.needed:
            yield Fault(path + key, "is missing, fill it in", missing=True)


def _of_value(value: Any, rule: Rule | Table | List, at: str) -> Iterator[Fault]:
    match rule:
        case Table():
            yield from faults(value, rule, at)
        case List() if not isinstance(value, list):
            yield Fault(at, f"is {quoted(value)}, expected {rule.what}")
        case List():
            for place, item in enumerate(value):
                yield from _of_value(item, rule.each, f"{at}.{place}")
        case _ if expected := rule(value):
            yield Fault(at, f"is {quoted(value)}, expected {expected}")


def line(value: object, *, least: int, most: int) -> str:
    """One line of text, of so many characters."""
    plain = isinstance(value, str) and value == value.strip() and value.isprintable()
    if plain and least <= len(str(value)) <= most:
        return ""
    size = f", found {len(str(value)):,}" if plain else ""
    return f"one line of {least} to {most} printable characters without space around it{size}"


def spelled(value: object, *, pattern: str, most: int, what: str) -> str:
    """A text of a pattern, which is said in words."""
    if isinstance(value, str) and len(value) <= most and re.fullmatch(pattern, value, re.ASCII):
        return ""
    return f"{what}, at most {most} characters"


def whole(value: object, *, least: int, most: int) -> str:
    """A whole number between two."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return ""
    return f"a whole number from {least:,} to {most:,}"


def one_of(value: object, *, choices: Collection[str], what: str = "") -> str:
    """One of some words; `what` they are is said where they are many."""
    if isinstance(value, str) and value in choices:
        return ""
    expected = what or f"one of {', '.join(choices)}"
    return f"{expected}, the nearest is {nearest_name(value, choices)}"


def address(value: object) -> str:
    """An address that a page may link to."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        host = parts.hostname
    except ValueError:
        return "an https address"
    text = str(value)
    plain = text.isascii() and text.isprintable() and not set(text) & set("\"'<>\\ `")
    good = parts.scheme == "https" and host and "@" not in parts.netloc and plain
    return "" if good and len(text) <= LONGEST_ADDRESS else "an https address"


LONGEST_ADDRESS = 300
