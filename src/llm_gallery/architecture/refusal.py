"""The one error for input that was read and can't be described, and how such input is quoted."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

LONGEST_LINE = 600
LONGEST_QUOTE = 60


class Refusal(ValueError):
    """Input that was read and can't be used: what was found, what was expected, where, and what to do.

    A ValueError whose message is one line of printable text, whatever a file holds. The command line prints it and
    exits with 3; the server answers 422 with it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message, LONGEST_LINE))


def printable(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text with control characters and lone surrogates escaped, cut where it is long."""
    cut = text[:longest]
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return clean if len(text) <= longest and len(clean) <= longest else clean[: longest - 3] + "..."


def quoted(value: object) -> str:
    """A value of a config as a refusal quotes it: short, on one line, whatever it holds."""
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, Mapping):
        return f"an object with {counted(len(value), 'key')}"
    if isinstance(value, list | tuple):
        return f"a list of {counted(len(value), 'value')}"
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a number of more than 18 digits"
    return json.dumps(value, default=repr)


def expect(name: str, value: object, choices: Collection[str]) -> None:
    """Raises Refusal where an argument is none of its choices, which it names."""
    if value not in choices:
        raise Refusal(f"{name} is {quoted(value)}, expected one of {', '.join(choices)}")


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 key, 2,000 keys."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def reason(error: Exception) -> str:
    """What the system says of a failure; where it says nothing, what the failure is called."""
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
