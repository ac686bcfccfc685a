"""An entry as TOML text, with lists and small tables on one line so that a person reads it at a glance.

The package `tomli-w` writes one line for each value of a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted

WIDEST = 100
INLINE = 5
"""Keys in the largest table that stands on one line."""


def table(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a table: its plain keys first, then the tables inside it."""
    if name:
        yield f"[{name}]"
    inner = {k: v for k, v in values.items() if isinstance(v, Mapping) and not _fits(k, v)}
    for key, value in values.items():
        if key not in inner:
            yield from _assigned(_key(key), value)
    for key, value in inner.items():
        yield ""
        yield from table(f"{name}.{_key(key)}" if name else _key(key), value)


def scalar(value: object) -> str:
    """A value that holds no other."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    raise Refusal(f"{quoted(value)} can't be written in TOML, expected a number, text or a date")


def _assigned(key: str, value: Any) -> Iterator[str]:
    line = f"{key} = {_inline(value)}"
    if len(line) <= WIDEST or not isinstance(value, list | tuple):
        yield line
        return
    yield f"{key} = ["
    yield from _wrapped([_inline(item) for item in value])
    yield "]"


def _wrapped(items: Sequence[str]) -> Iterator[str]:
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > WIDEST and line.strip():
            yield line
            line = "   "
        line += f" {item},"
    yield line


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_inline(inner)}" for key, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_inline(item) for item in value)}]"
    return scalar(value)


def _fits(key: str, value: Mapping[str, Any]) -> bool:
    plain = not any(isinstance(inner, Mapping) for inner in value.values())
    return plain and len(value) <= INLINE and len(f"{key} = {_inline(value)}") <= WIDEST


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refusal(f"{quoted(text)} holds half a character, expected text; correct it") from None
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
