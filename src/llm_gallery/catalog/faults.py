"""Faults that pydantic found in a file, as words: the key, its value, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llm_gallery.architecture.refusal import Refusal, printable, quoted


class Incomplete(Refusal):
    """An entry that lacks what it must state, as a draft does until it is filled in."""

    def __init__(self, message: str, keys: Sequence[str]) -> None:
        super().__init__(message)
        self.keys = tuple(keys)


class LeftOut(UserWarning):
    """An incomplete entry that a catalog was read without."""


def fault_words(fault: Mapping[str, Any], what: str) -> str:
    """One fault of a file; `what` is its kind ("a lesson")."""
    key = printable(".".join(str(part) for part in fault["loc"]))
    kind, ctx = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return f"{key} is missing, fill it in"
    if kind == "unexpected_keyword_argument":
        return f"{key} is no key of {what}"
    if kind == "string_too_long":
        return f"{key} has {len(fault['input'])} characters, expected at most {ctx['max_length']}"
    if kind == "value_error":
        return f"{key} is {quoted(fault['input'])}, {ctx['error']}"
    return f"{key} is {quoted(fault['input'])}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
