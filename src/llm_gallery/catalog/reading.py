"""Readings on a model or a concept, each with a sentence on why, and records that several share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.architecture.rules import Fault, Table, address, faults, line, one_of

SHARED = Path(__file__).parent / "reading.toml"

Kind = Literal["report", "paper", "article", "code", "talk", "discussion"]
"""A report is the authors' own of the model or of its family; a paper is of a method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing to read, watch or run."""

    kind: Kind
    title: str
    author: str
    year: int
    link: str
    why: str
    """One sentence of ours: what a reader finds there."""
    version: str = ""
    """Of code, and of nothing else: the tag or the commit at which `link` holds it."""
    line: int | None = None
    """Where in the code to begin."""

    def __repr__(self) -> str:
        return f"<Reading {self.kind}: {self.title}>"

    @property
    def address(self) -> str:
        """The link, at the line."""
        return self.link if self.line is None else f"{self.link}#L{self.line}"

    @property
    def by(self) -> str:
        """Who wrote it and when; of code, in which version and at which line."""
        if self.kind != "code":
            return f"{self.author}, {self.year}"
        version = self.version[:7] if _is_commit(self.version) else self.version
        line = "" if self.line is None else f", line {self.line:,}"
        return f"{self.author}, at {version}{line}"


def readings(table_list: object, where: str) -> tuple[Reading, ...]:
    """The records of a file's `[[reading]]`. Raises Refusal with all of their faults; `where` names the file."""
    readings, wrong = checked(table_list)
    if wrong:
        raise Refusal(f"{where}: {'; '.join(wrong)}; correct the reading")
    return readings


def checked(table_list: object) -> tuple[tuple[Reading, ...], list[str]]:
    """The records that are whole, and what is wrong with the others, in words.

    A record may be `id`, of one that several models share, with a `why` of its own or without.
    """
    if not isinstance(table_list, list):
        return (), [f"reading is {quoted(table_list)}, expected [[reading]] tables"]
    readings: list[Reading] = []
    wrong: list[str] = []
    for at, table in enumerate(table_list):
        mistakes = list(_faults(table, f"reading.{at}"))
        if not mistakes:
            reading = _record(table)
            if any(reading.address == other.address for other in readings):
                said = f"is {quoted(reading.link)}, which another record has"
                mistakes = [Fault(f"reading.{at}.link", said)]
            readings.append(reading)
        wrong += map(str, mistakes)
    return tuple(readings), wrong


@cache
def shared(file: Path = SHARED) -> Mapping[str, Reading]:
    """Records by their id. Raises Refusal naming the first that is wrong."""
    readings: dict[str, Reading] = {}
    for name, table in tomllib.loads(file.read_text("utf-8")).items():
        wrong = list(_faults(table, name))
        if "id" in table:
            wrong = [Fault(f"{name}.id", "is no key of a shared record")]
        if wrong:
            raise Refusal(f"{file.name}: {'; '.join(map(str, wrong))}; correct it")
        readings[name] = Reading(**table)
    return readings


def _record(table: Mapping[str, Any]) -> Reading:
    if "id" not in table:
        return Reading(**table)
    reading = shared()[table["id"]]
    return replace(reading, why=table["why"]) if "why" in table else reading


def _faults(table: object, at: str) -> Iterator[Fault]:
    """What is wrong with one record, which stands at a path."""
    shares = isinstance(table, Mapping) and "id" in table
    yield from faults(table, SHARING if shares else WHOLE, at)
    if isinstance(table, Mapping) and table.get("kind") in get_args(Kind):
        yield from (Fault(f"{at}.{key}", words) for key, words in _of_code(table))


def _of_code(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Code is named at a version, and nothing else is."""
    link, version = table.get("link"), table.get("version")
    if table["kind"] != "code":
        for key in ("version", "line"):
            if key in table:
                yield key, f"is {quoted(table[key])}, expected none where kind is not code"
    elif "version" not in table:
        yield "version", "is missing, fill it in: the tag or commit of the code"
    elif isinstance(link, str) and isinstance(version, str):
        if version not in urlsplit(link).path.split("/"):
            yield "link", f"is {quoted(link)}, expected an address at version {printable(version)}"
        if "#" in link:
            yield "link", f"is {quoted(link)}, expected it without its line, which is the key line"


def _why(value: object) -> str:
    wrong = line(value, least=20, most=200)
    return wrong or ("" if str(value).endswith(".") else "a sentence with its full stop")


def _year(value: object) -> str:
    year = isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
    return "" if year else "a year"


def _version(value: object) -> str:
    """A branch moves, and a short hash may one day mean two commits."""
    text = value if isinstance(value, str) else ""
    whole = _is_commit(text)
    tag = re.fullmatch(r"[A-Za-z0-9][\w.+-]*", text) and re.search(r"\d", text)
    short = re.fullmatch(r"[0-9a-f]{7,39}", text)
    return "" if whole or (tag and not short) else "a tag, or all 40 characters of a commit"


def _is_commit(version: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}", version) is not None


def _line(value: object) -> str:
    line = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return "" if line else "a line's number, from 1"


def _id(value: object) -> str:
    return "" if isinstance(value, str) and value in shared() else f"an id of {SHARED.name}"


WHOLE = Table(
    what="a reading",
    rules={
        "kind": partial(one_of, choices=get_args(Kind)),
        "title": partial(line, least=1, most=200),
        "author": partial(line, least=1, most=120),
        "year": _year,
        "link": address,
        "why": _why,
        "version": _version,
        "line": _line,
    },
    needed=tuple(field.name for field in fields(Reading) if field.default is MISSING),
)
SHARING = Table(what="a record that is shared", rules={"id": _id, "why": _why})
