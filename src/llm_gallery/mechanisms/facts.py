"""The rows of `facts.toml`: each fact's name and meaning, and the weight and words of a change of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from llm_gallery.mechanisms.wording import capital

Level = Literal["cause", "scale", "setting"]
Sort = Literal["count", "size", "number", "share", "name", "yes-no", "block"]

FILE = Path(__file__).with_name("facts.toml")
_LEVELS: Mapping[Sort, Level] = {"count": "scale", "size": "scale", "number": "setting"}
_WEIGHTS: Mapping[Level, float] = {"cause": 0.5, "scale": 0.3, "setting": 0.1}
_DOUBLING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Term:
    """A fact in words; the file says what each field is."""

    name: str
    label: str
    noun: str
    short: str
    unit: str = ""
    sort: Sort
    meaning: str = ""
    theme: str = ""
    sheet: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    phrased: Mapping[str, str] = field(default_factory=dict)
    spelled: bool = False
    level: Level
    weight: float
    step: float
    base: float = 0.0
    tells: float = 1.0
    came: str = ""
    went: str = ""
    became: str = ""
    more: str = ""
    fewer: str = ""
    neutral: int | None = None
    follows: tuple[str, ...] = ()
    shared: str = ""

    @property
    def heading(self) -> str:
        """The label at the head of a row: "Window, tokens"."""
        unit = f", {self.unit}" if self.unit else ""
        return f"{capital(self.label)}{unit}"

    def worded(self, value: object) -> str | None:
        """A value that is shown otherwise than stored."""
        return self.values.get(str(value))


_FIELDS = {one.name for one in fields(Term)} - {"name", "sort"} | {"is"}


@cache
def terms() -> Mapping[str, Term]:
    """Every fact by its name in the tree, and by `KIND.FACT` where it is something else in that kind."""
    return MappingProxyType({key: found for name in _texts() for key, found in _row(name).items()})


@cache
def names_of_facts() -> frozenset[str]:
    """The name of every fact, without those of kinds."""
    return frozenset(_texts())


@cache
def _texts() -> Mapping[str, str]:
    """The text of each fact's tables. A command asks for some, and all take as long to read as the rest that it does."""
    text = FILE.read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {head[1]: text[head.start() : end] for head, end in zip(heads, ends, strict=True)}


_HEAD = re.compile(r"^\[(\w+)\]$", re.MULTILINE)
"""Where the tables of a fact begin; those of kinds follow."""


@cache
def _row(name: str) -> Mapping[str, Term]:
    """A fact's terms: its own, and those of kinds where it is something else."""
    if name not in _texts():
        return {}
    stated = tomllib.loads(_texts()[name])
    if others := stated.keys() - {name}:
        raise ValueError(
            f"{FILE.name}: {sorted(others)} stand in [{name}], expected under their own"
        )
    kinds = stated[name].pop("in", {})
    own = {name: _term(name, stated[name])}
    return own | {
        f"{kind}.{name}": _term(name, {**_inherited(stated[name], differing), **differing})
        for kind, differing in kinds.items()
    }


def _inherited(stated: Mapping[str, Any], differing: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a fact is in one kind of block as in all: another label has its own short forms."""
    own = ("noun", "short") if "label" in differing else ()
    return {key: value for key, value in stated.items() if key not in own}


@cache
def term(name: str, kind: str = "", *, number: bool = False) -> Term:
    """The term of a fact of a block of that kind; `part.fact` is a fact of a part inside it.

    What no row knows, such as what flows between two parts, is a size where it is a number, else
    something that a model has or hasn't.
    """
    inside, _, own = name.rpartition(".")
    kind = inside.rpartition(".")[2] or kind
    known = _row(own).get(f"{kind}.{own}") or _row(own).get(own)
    if known is not None and inside != "flow":
        return known
    label = name.removeprefix("flow.").replace("_", " ").replace(".", " ")
    weight = 0.2 if inside and inside != "flow" else 1.0
    if number:
        return _term(name, {"label": label, "is": "size"})
    return _term(name, {"label": label, "is": "yes-no", "weight": weight})


def _term(name: str, stated: Mapping[str, Any]) -> Term:
    """A row with what it leaves to the rules; one that can't be read is named."""
    if unknown := stated.keys() - _FIELDS:
        raise ValueError(f"{FILE.name}: [{name}] has {sorted(unknown)}, expected {sorted(_FIELDS)}")
    if not stated.get("label") or stated.get("is") not in get_args(Sort):
        raise ValueError(f"{FILE.name}: [{name}] needs a label and `is`, one of {get_args(Sort)}")
    sort: Sort = stated["is"]
    row = {key: value for key, value in stated.items() if key != "is"}
    noun = row.setdefault("noun", row["label"])
    row.setdefault("short", row["label"])
    level: Level = row.setdefault("level", _LEVELS.get(sort, "cause"))
    weight = row.setdefault("weight", _WEIGHTS[level])
    row.setdefault("step", _DOUBLING if level == "scale" else weight)
    if sort == "size":
        row.setdefault("more", f"a larger {noun}")
        row.setdefault("fewer", f"a smaller {noun}")
    if sort == "yes-no":
        row.setdefault("came", noun)
    if level == "cause":
        row.setdefault("went", f"no {noun}")
    row["follows"] = tuple(row.get("follows", ()))
    return Term(name=name, sort=sort, **row)
