"""A lesson as it is written: `lesson.toml` beside the concept that it teaches; it holds words, no numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config

from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.mistake import expect_names
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.faults import fault_words
from llm_gallery.catalog.fields import Line, Word
from llm_gallery.concepts import CONCEPTS
from llm_gallery.lessons.placeholders import check_placeholders

LESSON = "lesson.toml"
PANELS = {"token": 0, "layers": 1, "layer": 2, "kept": -1}
"""Panels of a token's way that a lesson may show in place of a mechanism's inside, by their place there."""


def _prose(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a text")
    return text.strip()


Prose = Annotated[str, AfterValidator(_prose)]
"""Words with numbers in braces, as docs/lessons.md says."""
Words = Annotated[tuple[str, ...], Field(min_length=1)]

_closed = with_config(ConfigDict(extra="forbid"))


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A letter of the formula: its TeX, what the code calls it, what it is, its shape, value and place in the drawing."""

    sign: Line
    means: Prose
    code: tuple[str, ...] = ()  # empty where the code has no name for it
    shape: Prose | None = None
    value: Prose | None = None
    drawn: tuple[
        str, ...
    ] = ()  # letters of the drawing (k, k^r) or boxes of it, as steps light them


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the drawing: what lights up in it, the lines of code that do it, and a sentence."""

    title: Line
    text: Prose
    lights: tuple[str, ...] = ()  # parts or words of the drawing
    code: tuple[str, ...] = ()  # pieces of the lines
    no_code: Prose | None = None  # why no line does it, where none does


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """The dimension that matters: a key of the config, the values it takes, and what each means."""

    key: Line
    name: Line
    values: Annotated[tuple[int, ...], Field(min_length=3, max_length=16)]
    text: Prose  # what a value means, told anew for each
    counted: Words  # the numbers that follow it, by name
    also: tuple[str, ...] = ()  # what other families call the key
    listed: Line | None = None  # a word of `layer_types` that one layer in so many has
    nulls: tuple[str, ...] = ()  # keys that would say otherwise: null while it turns


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """The picture that moves with the dial: its name, and which of its forms."""

    picture: Line
    form: str = ""


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The same model without the concept: how its config says it where the tree can't be undone, and what it is called."""

    words: Line | None = None  # heads its numbers: "with one stream"; left out, it is "without it"
    keys: Mapping[str, int | float | bool | str | tuple[float, ...]] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()  # keys that are null then; TOML has no word for it

    @property
    def changes(self) -> Mapping[str, object]:
        """Keys and what they are without it."""
        return {**self.keys, **dict.fromkeys(self.nulls)}


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """The first function once more, in another way that gives the same: it isn't in the printed file."""

    name: Line  # of the function
    code: Prose

    def in_place_of(self, function: str) -> str:
        """Its code under the name of the printed function."""
        return self.code.replace(f"def {self.name}(", f"def {function}(")


@_closed
@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What teaches one concept, on one model of the catalog."""

    id: Word
    on: Word
    problem: Prose
    idea: Prose
    costs: Prose
    functions: Words  # of the model's printed file, the first is what the lesson is about
    drawn: Line | None = None  # what is drawn: a kind of block, or a panel of a token's way
    runs: Line | None = None  # which function runs in the page, if not the first
    call: int = 0  # which of its calls is drawn where it runs
    look: Line | None = None  # which array of it is drawn
    symbols: tuple[Symbol, ...] = ()
    steps: tuple[Step, ...] = ()
    rewritten: Rewritten | None = None
    dial: Dial | None = None
    moving: Moving | None = None
    without: Without | None = None

    @property
    def form(self) -> str:
        """Of its moving picture; empty where that has one form, or there is none."""
        return self.moving.form if self.moving is not None else ""


@cache
def lessons(directory: Path = CONCEPTS) -> Mapping[str, Lesson]:
    """Every lesson by its concept's id. Raises Refusal or Mistake naming the first file that is incomplete or wrong."""
    return {file.parent.name: _lesson(file) for file in sorted(directory.glob(f"*/{LESSON}"))}


def _lesson(file: Path) -> Lesson:
    where = f"{file.parent.name}/{file.name}"
    try:
        text = file.read_text("utf-8")
        table = tomllib.loads(text)
        check_placeholders(text, f"{where}: ")
        drawn = [table["drawn"]] if "drawn" in table else []
        known = "a panel of docs/lessons.md, or a kind that architecture/parts/ builds"
        expect_names(drawn, (*PANELS, *kinds()), "drawn", known, f"{where}: ")
        return _adapter().validate_python(as_tuples({**table, "id": file.parent.name}))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{where} is no TOML: {error}; correct the lesson") from None
    except ValidationError as error:
        faults = [fault_words(fault, "a lesson") for fault in error.errors(include_url=False)]
        raise Refusal(f"{where}: {'; '.join(faults)}; correct the lesson") from None


def as_tuples(value: Any) -> Any:
    """Lists of a file as the tuples that they are kept in."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


@cache
def _adapter() -> TypeAdapter[Lesson]:
    return TypeAdapter(Lesson)
