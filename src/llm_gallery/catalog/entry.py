"""A catalog entry: identity, provenance, dates, licence, reading and one sentence; nothing that can be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    Strict,
    TypeAdapter,
    ValidationError,
    with_config,
)

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.faults import Incomplete, fault_words
from llm_gallery.catalog.reading import Reading, checked, https

LONGEST_SUMMARY = 140
COMPUTED = (
    "parameters", "total", "active", "layers", "pattern", "cache", "state", "flops", "width",
    "vocabulary", "heads", "experts", "unread", "assumed", "warnings", "figure",
)  # fmt: skip
"""What a reader may expect in an entry, and what the software computes from `config`."""


def _line(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError("expected one line of printable text without space around it")
    return text


Line = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_line)]
Note = Annotated[str, Field(max_length=400), AfterValidator(_line)]
Summary = Annotated[str, Field(min_length=10, max_length=LONGEST_SUMMARY), AfterValidator(_line)]
Address = Annotated[str, Field(max_length=300), AfterValidator(https)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Mechanism = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Repository = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$", max_length=120)
]
Released = Annotated[date, Strict(), Field(ge=date(2017, 6, 12))]  # the first Transformer
Tokens = Annotated[int, Strict(), Field(ge=1, le=2**40)]

_closed = with_config(ConfigDict(extra="forbid"))


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The licence of the weights, as its publisher names it, and the address of its text."""

    name: Line
    link: Address


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The longest context that the authors publish, where the config says otherwise, and where they do."""

    tokens: Tokens
    link: Address


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whose file `config` is.

    "official": the vendor's own; "mirror": another repository's copy of it; "resolved": the vendor's
    with the reference's defaults already filled in; "transcribed": read off a page that shows its
    values; "derived": taken from a model of the same build.
    """

    quality: Literal["official", "mirror", "resolved", "transcribed", "derived"]
    source: Address
    note: Note = ""

    def __repr__(self) -> str:
        return f"<Provenance {self.quality}: {self.source}>"


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model of the catalog: what people say of it, and the keys of its config that say how it is built."""

    id: Word
    name: Line
    organization: Line
    repository: Repository
    released: Released
    licence: Licence
    summary: Summary
    provenance: Provenance
    config: dict[str, Any]
    hero: Mechanism = ""  # a kind or a concept, which leads the figure in place of what ranks first
    context: Context | None = None
    concepts: tuple[Word, ...] = ()  # beyond those that the architecture shows
    reading: tuple[Reading, ...] = ()
    doubts: tuple[Note, ...] = ()  # what of this is uncertain and why, a sentence each

    def __repr__(self) -> str:
        return f"<Entry {self.id}: {self.name}, {self.organization}, {self.released}>"

    @property
    def report(self) -> str | None:
        """The address of the authors' report; None where none is known."""
        return next((one.address for one in self.reading if one.kind == "report"), None)


def entry(identifier: str, table: Mapping[str, Any], where: str) -> Entry:
    """The entry that a file states. Raises Refusal with all of its faults, Incomplete where keys are missing.

    `where` names the file.
    """
    reading, faults = checked(table.get("reading", []))
    lacking: list[str] = []
    lists = {key: table.get(key, ()) for key in ("concepts", "doubts")}
    given = {**table, **{k: tuple(v) if isinstance(v, list) else v for k, v in lists.items()}}
    try:
        made = _adapter().validate_python({**given, "reading": reading, "id": identifier})
    except ValidationError as error:
        found = error.errors(include_url=False)
        faults = [*(fault_words(fault, "an entry", COMPUTED) for fault in found), *faults]
        lacking = [".".join(map(str, f["loc"])) for f in found if f["type"] == "missing"]
    said = f"{where}: {'; '.join(faults)}; correct the entry"
    if lacking:
        raise Incomplete(said, lacking)
    if faults:
        raise Refusal(said)
    return made


@cache
def _adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)
