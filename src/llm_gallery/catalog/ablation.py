"""Ablations: published measurements of a single change, in `ablations.toml` beside its concept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

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
from llm_gallery.catalog.faults import fault_words
from llm_gallery.catalog.fields import Address, Line
from llm_gallery.catalog.paper_month import month
from llm_gallery.concepts import CONCEPTS

ABLATIONS = "ablations.toml"


def _sentence(text: str) -> str:
    if text != text.strip() or not text.endswith("."):
        raise ValueError("expected a sentence that ends with a full stop")
    return text


Sentence = Annotated[str, Field(min_length=20, max_length=320), AfterValidator(_sentence)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """One measurement: its number, what it says in a sentence, on what, and where that stands."""

    number: Line  # "1.808 → 2.414 of Pile loss"
    finding: Sentence
    setting: Annotated[str, Field(min_length=8, max_length=180)]
    place: Line  # in the source: "Table 4", "Abstract"
    title: Line
    link: Address
    year: Annotated[int, Strict(), Field(ge=2014, le=2030)]
    month: Annotated[int, Strict(), Field(ge=1, le=12)] | None = (
        None  # where no arXiv number says it
    )

    @property
    def known(self) -> date:
        """From when on it could be known: the month in which it was told, at the end of its year where nobody says."""
        since = month(self.link)
        return since or date(self.year, self.month or 12, 1)


@cache
def ablations(directory: Path = CONCEPTS) -> Mapping[str, tuple[Ablation, ...]]:
    """All of them by concept, the oldest first. Raises Refusal naming the first file that is wrong."""
    return {file.parent.name: _read(file) for file in sorted(directory.glob(f"*/{ABLATIONS}"))}


def _read(file: Path) -> tuple[Ablation, ...]:
    where = f"{file.parent.name}/{file.name}"
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        if set(table) != {"ablation"}:
            raise Refusal(f"{where} holds {sorted(table)}, expected [[ablation]] tables alone")
        ablations = _adapter().validate_python(tuple(table["ablation"]))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{where} is no TOML: {error}; correct the ablation") from None
    except ValidationError as error:
        faults = [fault_words(fault, "an ablation") for fault in error.errors(include_url=False)]
        raise Refusal(f"{where}: {'; '.join(faults)}; correct the ablation") from None
    return tuple(sorted(ablations, key=lambda ablation: (ablation.known, ablation.title)))


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(tuple[Ablation, ...])
