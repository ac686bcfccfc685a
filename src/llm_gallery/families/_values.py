"""One value of a config: in the first of its key's types that takes it, or refused with what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import inf
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from llm_gallery.architecture.refusal import Refusal, printable, quoted

LONGEST_WORD = 64
LONGEST_LIST = 4096
"""What no config comes near: a list has one value a layer."""
SMALLEST, LARGEST = 1e-18, 1e18
"""Of numbers that aren't whole: beyond, float32 holds neither their square nor what they divide."""


class Bounds(NamedTuple):
    """The range in which a number of a config makes sense, or the length of a string."""

    least: float
    most: float


def options(hint: Any) -> Iterator[Any]:
    """The members of a union, or the hint itself."""
    if get_origin(hint) in (Union, UnionType):
        yield from get_args(hint)
    else:
        yield hint


def checked(value: Any, hint: Any, where: str) -> Any:
    """The value in the first type of the hint that takes it, or a Refusal."""
    problem = ""
    for option in options(hint):
        bounds = next(
            (m for m in getattr(option, "__metadata__", ()) if isinstance(m, Bounds)), None
        )
        plain = get_args(option)[0] if get_origin(option) is Annotated else option
        taken = _taken(value, plain, where)
        if bounds is not None and bounds.most == inf and value in ENDLESS:
            return inf
        if taken is _NO:
            continue
        if isinstance(taken, str) and plain is str:
            bounds = bounds or Bounds(0, LONGEST_WORD)
            if bounds.least <= len(taken) <= bounds.most and taken.isprintable():
                return taken
            problem = f"expected {bounds.least} to {bounds.most:,} printable letters"
        elif bounds is None and plain is float and taken and not SMALLEST <= abs(taken) <= LARGEST:
            problem = f"expected 0 or a number of {SMALLEST} to {LARGEST:.0e}, whatever its sign"
        elif bounds is None or bounds.least <= taken <= bounds.most:
            return taken
        else:
            problem = f"expected {bounds.least:,} to {bounds.most:,}"
    expected = problem or "expected " + " or ".join(word(o) for o in options(hint))
    raise Refusal(f"{where} is {quoted(value)}, {expected}; correct it in the config")


_NO = object()
ENDLESS = (inf, {"__float__": "Infinity"})
"""What files write where a number has no bound."""


def _taken(value: Any, plain: Any, where: str) -> Any:
    if plain is NoneType:
        return None if value is None else _NO
    if plain is bool:
        return value if isinstance(value, bool) else _NO
    if plain is int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return int(value) if whole and not isinstance(value, bool) else _NO
    if plain is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if number and abs(value) < 1e300 else _NO
    if plain is str:
        return value if isinstance(value, str) else _NO
    if get_origin(plain) is Literal:
        same = (v for v in get_args(plain) if v == value)
        return value if any(isinstance(v, bool) == isinstance(value, bool) for v in same) else _NO
    if get_origin(plain) is tuple and isinstance(value, list | tuple):
        if len(value) > LONGEST_LIST:
            raise Refusal(
                f"{where} lists {len(value):,} values, expected at most {LONGEST_LIST:,}; "
                "correct it in the config"
            )
        inner = get_args(plain)[0]
        return tuple(checked(v, inner, f"{where}[{i}]") for i, v in enumerate(value))
    if get_origin(plain) in (dict, Mapping) and isinstance(value, Mapping):
        inner = get_args(plain)[1]
        if inner in (Any, object):  # whoever reads it checks what it finds
            return value
        return {
            key: checked(item, inner, f"{where}.{printable(key)}") for key, item in value.items()
        }
    return _NO


def word(option: Any) -> str:
    plain = get_args(option)[0] if get_origin(option) is Annotated else option
    words = {int: "an integer", float: "a number", str: "a string", bool: "true or false"}
    if plain is NoneType:
        return "null"
    if get_origin(plain) is Literal:
        return " or ".join(json.dumps(v) for v in get_args(plain))
    return words.get(plain, "a list" if get_origin(plain) is tuple else "an object")
