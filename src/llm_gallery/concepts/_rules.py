"""What a concept's file may say: a rule for each field of a concept, by its name or by its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache, partial
from types import NoneType
from typing import Any, Literal, cast, get_args, get_origin

from llm_gallery.architecture.fact import Value
from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.roles import ROLES
from llm_gallery.architecture.rules import List, Rule, Table, address, line, one_of, whole
from llm_gallery.concepts._concept import Before, Concept, FirstOpen, Group, Paper, Without
from llm_gallery.mechanisms.colour import Colour


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "words"


def _day(value: object) -> str:
    return "" if type(value) is date else "a day, without quotes"


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _facts(value: object) -> str:
    return "" if isinstance(value, dict) else "a table of facts"


_words: Rule = partial(line, least=1, most=200)


def _kind(value: object) -> str:
    return one_of(value, choices=kinds(), what="a kind of block")


_role: Rule = partial(one_of, choices=ROLES, what="a role of architecture/roles.py")
_BY_TYPE: Mapping[Any, Rule] = {
    str: _words,
    int: partial(whole, least=1, most=2100),
    bool: _flag,
    date: _day,
    Mapping[str, Value]: _facts,
}


@cache
def rules_among(ids: tuple[str, ...]) -> Table:
    """The rules where concepts of these ids are known."""
    return _table(Concept, "a concept", ids)


def _named(ids: tuple[str, ...]) -> Mapping[tuple[type, str], Rule | List]:
    """Of fields whose type doesn't say it."""
    concept: Rule = partial(one_of, choices=ids, what="the id of a concept")
    listed = List(what="a list of concepts", each=concept)
    any_of = partial(
        one_of, choices=(*get_args(Group), *ids), what="the id of a concept, or a group"
    )
    having = List(what="a list of concepts and groups", each=any_of)
    return {
        **{(Concept, key): listed for key in ("after", "next", "beside")},
        **{(Concept, key): _text for key in ("text", "more", "formula")},
        (Concept, "drawn"): _kind,
        (Concept, "colour"): partial(one_of, choices=get_args(Colour)),
        (Paper, "link"): address,
        (FirstOpen, "link"): address,
        (Before, "says"): lambda value: "" if value == "" else _words(value),
        (Before, "where"): having,
        (Before, "unless"): having,
        (Without, "like"): concept,
        (Without, "roles"): List(what="a list of roles", each=_role),
        (Without, "kinds"): List(what="a list of kinds", each=_kind),
        (Without, "parts"): List(what="a list of kinds", each=_kind),
    }


def _table(of: Any, what: str, ids: tuple[str, ...]) -> Table:
    hints = {key: hint for key, hint in of.__annotations__.items() if key != "id"}
    defaults = getattr(of, "_field_defaults", None)
    if defaults is None:
        defaults = {field.name for field in fields(of) if field.default is not MISSING}
    named = _named(ids)
    return Table(
        what=what,
        rules={key: named.get((of, key)) or _rule(hint, key, ids) for key, hint in hints.items()},
        needed=tuple(key for key in hints if key not in defaults),
    )


def _rule(of: Any, key: str, ids: tuple[str, ...]) -> Rule | Table | List:
    within = get_args(of)
    if NoneType in within:
        (of,) = (hint for hint in within if hint is not NoneType)
        return _rule(of, key, ids)
    if get_origin(of) is tuple:
        each = cast("Rule | Table", _rule(within[0], key, ids))
        return List(what=f"a list for {key}", each=each)
    if get_origin(of) is Literal:
        return partial(one_of, choices=within)
    return _BY_TYPE[of] if of in _BY_TYPE else _table(of, f"[{key}]", ids)
