"""What there is to read about a model or a concept, each with a sentence on why; and records that several share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, printable, quoted

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


def https(text: str) -> str:
    """The address. Raises ValueError where it is none that a page may link to."""
    parts = urlsplit(text)
    plain = text.isascii() and text.isprintable() and not set(text) & set("\"'<>\\ `")
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not plain:
        raise ValueError("expected an https address")
    return text


def readings(given: object, where: str) -> tuple[Reading, ...]:
    """The records of a file's `[[reading]]`. Raises Refusal with all of their faults; `where` names the file."""
    made, faults = checked(given)
    if faults:
        raise Refusal(f"{where}: {'; '.join(faults)}; correct the reading")
    return made


def checked(given: object) -> tuple[tuple[Reading, ...], list[str]]:
    """The records that are whole, and what is wrong with the others, in words.

    A record may be `id`, of one that several models share, with a `why` of its own or without.
    """
    if not isinstance(given, list):
        return (), [f"reading is {quoted(given)}, expected [[reading]] tables"]
    made: list[Reading] = []
    faults: list[str] = []
    for at, table in enumerate(given):
        found = list(_faults(table))
        if not found:
            one = _record(table)
            if any(one.address == other.address for other in made):
                found = [f"link is {quoted(one.link)}, which another record has"]
            made.append(one)
        faults += [f"reading.{at}{'' if f.startswith(' ') else '.'}{f}" for f in found]
    return tuple(made), faults


@cache
def shared(file: Path = SHARED) -> Mapping[str, Reading]:
    """Records by their id. Raises Refusal naming the first that is wrong."""
    made: dict[str, Reading] = {}
    for name, table in tomllib.loads(file.read_text("utf-8")).items():
        faults = list(_faults(table)) if "id" not in table else ["id is no key of a shared record"]
        if faults:
            raise Refusal(f"{file.name}: {'; '.join(f'{name}.{f}' for f in faults)}; correct it")
        made[name] = Reading(**table)
    return made


def _record(table: Mapping[str, Any]) -> Reading:
    if "id" not in table:
        return Reading(**table)
    own = shared()[table["id"]]
    return replace(own, why=table["why"]) if "why" in table else own


def _faults(table: object) -> Iterator[str]:
    """What is wrong with one record."""
    if not isinstance(table, Mapping):
        yield f" is {quoted(table)}, expected a table"
        return
    rules = SHARED_RULES if "id" in table else RULES
    for key in table:
        if key not in rules:
            of = "a record that is shared" if "id" in table else "a reading"
            yield f"{printable(key)} is no key of {of}, expected {', '.join(rules)}"
    if "id" not in table:
        yield from (f"{key} is missing, fill it in" for key in NEEDED if key not in table)
    for key, rule in rules.items():
        if key in table:
            expected = rule(table[key])
            if expected:
                yield f"{key} is {quoted(table[key])}, expected {expected}"
    if table.get("kind") in get_args(Kind):
        yield from _of_code(table)


def _of_code(table: Mapping[str, Any]) -> Iterator[str]:
    """Code is named at a version, and nothing else is."""
    link, version = table.get("link"), table.get("version")
    if table["kind"] != "code":
        for key in ("version", "line"):
            if key in table:
                yield f"{key} is {quoted(table[key])}, expected none where kind is not code"
    elif "version" not in table:
        yield "version is missing, fill it in: the tag or commit of the code"
    elif isinstance(link, str) and isinstance(version, str):
        if version not in urlsplit(link).path.split("/"):
            yield f"link is {quoted(link)}, expected an address at version {printable(version)}"
        if "#" in link:
            yield f"link is {quoted(link)}, expected it without its line, which is the key line"


def _kind(value: object) -> str:
    return "" if value in get_args(Kind) else f"one of {', '.join(get_args(Kind))}"


def _text(value: object, *, least: int, most: int) -> str:
    plain = isinstance(value, str) and value == value.strip() and value.isprintable()
    if plain and least <= len(str(value)) <= most:
        return ""
    return f"one line of {least} to {most} printable characters without space around it"


def _why(value: object) -> str:
    wrong = _text(value, least=20, most=200)
    return wrong or ("" if str(value).endswith(".") else "a sentence with its full stop")


def _year(value: object) -> str:
    year = isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
    return "" if year else "a year"


def _link(value: object) -> str:
    try:
        https(value if isinstance(value, str) else "")
    except ValueError:
        return "an https address"
    return ""


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


Rule = Callable[[object], str]
"""What was expected of a value; nothing where it is right."""
RULES: Mapping[str, Rule] = {
    "kind": _kind,
    "title": partial(_text, least=1, most=200),
    "author": partial(_text, least=1, most=120),
    "year": _year,
    "link": _link,
    "why": _why,
    "version": _version,
    "line": _line,
}
SHARED_RULES: Mapping[str, Rule] = {"id": _id, "why": _why}
NEEDED = tuple(field.name for field in fields(Reading) if field.default is MISSING)
