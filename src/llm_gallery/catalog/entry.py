"""A catalog entry: identity, provenance, dates, licence, reading and one sentence; nothing that can be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, get_args

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.rules import (
    List,
    Table,
    address,
    faults,
    line,
    one_of,
    spelled,
    whole,
)
from llm_gallery.catalog.faults import Incomplete
from llm_gallery.catalog.reading import Reading, checked

LONGEST_SUMMARY = 140
COMPUTED = (
    "parameters", "total", "active", "layers", "pattern", "cache", "state", "flops", "width",
    "vocabulary", "heads", "experts", "unread", "assumed", "warnings", "figure",
)  # fmt: skip
"""What a reader may expect in an entry, and what the software computes from `config`."""
FIRST = date(2017, 6, 12)
"""The day of the first Transformer."""
Quality = Literal["official", "mirror", "resolved", "transcribed", "derived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The licence of the weights, as its publisher names it, and the address of its text."""

    name: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The longest context that the authors publish, where the config says otherwise, and where they do."""

    tokens: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whose file `config` is.

    "official": the vendor's own; "mirror": another repository's copy of it; "resolved": the vendor's
    with the reference's defaults already filled in; "transcribed": read off a page that shows its
    values; "derived": taken from a model of the same build.
    """

    quality: Quality
    source: str
    note: str = ""

    def __repr__(self) -> str:
        return f"<Provenance {self.quality}: {self.source}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One model of the catalog: what people say of it, and the keys of its config that say how it is built."""

    id: str
    name: str
    organization: str
    repository: str
    released: date
    licence: Licence
    summary: str
    provenance: Provenance
    config: dict[str, Any]
    hero: str = ""  # a kind or a concept, which leads the figure in place of what ranks first
    context: Context | None = None
    concepts: tuple[str, ...] = ()  # beyond those that the architecture shows
    reading: tuple[Reading, ...] = ()
    doubts: tuple[str, ...] = ()  # what of this is uncertain and why, a sentence each

    def __repr__(self) -> str:
        return f"<Entry {self.id}: {self.name}, {self.organization}, {self.released}>"

    @property
    def report(self) -> str | None:
        """The address of the authors' report; None where none is known."""
        return next((reading.address for reading in self.reading if reading.kind == "report"), None)


def entry(identifier: str, table: Mapping[str, Any], where: str) -> Entry:
    """The entry that a file states. Raises Refusal with all of its faults, Incomplete where keys are missing.

    `where` names the file.
    """
    fields = {**table, "id": identifier}
    mistakes = [*faults(fields, TABLE)]
    reading, of_reading = checked(fields.pop("reading", []))
    if mistakes or of_reading:
        words = "; ".join((*map(str, mistakes), *of_reading))
        refusal = f"{where}: {words}; correct the entry"
        if lacking := [fault.key for fault in mistakes if fault.missing]:
            raise Incomplete(refusal, lacking)
        raise Refusal(refusal)
    context = fields.pop("context", None)
    return Entry(
        licence=Licence(**fields.pop("licence")),
        provenance=Provenance(**fields.pop("provenance")),
        context=None if context is None else Context(**context),
        concepts=tuple(fields.pop("concepts", ())),
        doubts=tuple(fields.pop("doubts", ())),
        reading=reading,
        **fields,
    )


def _released(value: object) -> str:
    """A day as TOML writes one, no text and no time."""
    if type(value) is date and value >= FIRST:
        return ""
    return f"a day from {FIRST} on, without quotes"


def _config(value: object) -> str:
    return "" if isinstance(value, dict) else "a table of the config's keys"


def _reading(value: object) -> str:
    """Nothing: its records have rules of their own."""
    return ""


_name = partial(line, least=1, most=80)
_note = partial(line, least=0, most=400)
word = partial(
    spelled,
    pattern=r"[a-z0-9]+([.-][a-z0-9]+)*",
    most=60,
    what="lower-case words joined by dashes or dots",
)
_mechanism = partial(
    spelled,
    pattern=r"[a-z0-9]+([_-][a-z0-9]+)*",
    most=60,
    what="a kind of block or a concept by its id",
)
_repository = partial(
    spelled,
    pattern=r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*",
    most=120,
    what="organization/name, as on the Hub",
)
TABLE = Table(
    what="an entry",
    rules={
        "id": word,
        "name": _name,
        "organization": _name,
        "repository": _repository,
        "released": _released,
        "licence": Table(
            what="a licence", rules={"name": _name, "link": address}, needed=("name", "link")
        ),
        "summary": partial(line, least=10, most=LONGEST_SUMMARY),
        "provenance": Table(
            what="a provenance",
            rules={
                "quality": partial(one_of, choices=get_args(Quality)),
                "source": address,
                "note": _note,
            },
            needed=("quality", "source"),
        ),
        "config": _config,
        "hero": _mechanism,
        "context": Table(
            what="a context",
            rules={"tokens": partial(whole, least=1, most=2**40), "link": address},
            needed=("tokens", "link"),
        ),
        "reading": _reading,
        "concepts": List(what="a list of concepts' ids", each=word),
        "doubts": List(what="a list of sentences", each=_note),
    },
    needed=(
        "name", "organization", "repository", "released", "licence", "summary", "provenance", "config",
    ),
    computed=COMPUTED,
)  # fmt: skip
