"""The catalog's files, and the model that a person means by a word: an id, a path or a Hub repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from warnings import warn

from llm_gallery import recognition
from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, expect, printable, quoted
from llm_gallery.catalog.context import with_published
from llm_gallery.catalog.entry_file import MODELS as MODELS
from llm_gallery.catalog.entry_file import files, read
from llm_gallery.catalog.faults import Incomplete, LeftOut
from llm_gallery.catalog.names import identifier
from llm_gallery.catalog.source import Source as Source
from llm_gallery.catalog.source import source as source
from llm_gallery.recognition import describe, known
from llm_gallery.sources.hub_id import parsed
from llm_gallery.sources.live import LiveConfig, LiveModel
from llm_gallery.sources.modeling_file import modeling_file
from llm_gallery.sources.place import holds_config, is_path

if TYPE_CHECKING:
    from llm_gallery.catalog.entry import Entry
    from llm_gallery.figure import Detail, Figure, Heading, Marks, Naming, ThemeName, Words


@dataclass(frozen=True)
class Model:
    """A described model. Its entry is read when somebody asks: numbers and figures need the config only."""

    id: str
    name: str
    architecture: Architecture
    file: Path | None = field(default=None, repr=False)
    config: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What is described, where that was given as a config."""
    known: Entry | None = field(default=None, repr=False, compare=False)
    """Its entry, where that was read before the model was described."""
    beside: Mapping[str, Model] = field(default_factory=dict, repr=False, compare=False)
    """Models of the catalog by their ids, where all were read: an ancestor isn't read again."""

    @property
    def listed(self) -> bool:
        """Whether a catalog holds it."""
        return self.file is not None

    @property
    def of_package(self) -> bool:
        """Whether it is of this package's catalog, whose files stay as they are."""
        return self.file is not None and self.file.parent == MODELS

    @cached_property
    def entry(self) -> Entry | None:
        """What the catalog says of the model; None where it comes from a path or the Hub."""
        return self.known or (None if self.file is None else _entry(self.file))

    @cached_property
    def heading(self) -> Heading:
        """What a figure says beside the architecture."""
        from llm_gallery.analysis.alternation import alternation
        from llm_gallery.analysis.concepts import concepts
        from llm_gallery.catalog.ancestors import ancestors
        from llm_gallery.figure import Heading

        if self.entry is None:
            return Heading(name=self.name, id=self.id)
        entry = self.entry
        before = ancestors().get(self.id)
        known = None if before is None else self.beside.get(before.id) or find(before.id)
        return Heading(
            name=entry.name,
            id=entry.id,
            organization=entry.organization,
            released=entry.released,
            summary=entry.summary,
            hero=entry.hero,
            ancestor="" if known is None else known.name,
            inherited=None if known is None else frozenset(concepts(known.architecture.root)),
            alternation=None if known is None else alternation(known.architecture.root),
        )

    def figure(
        self,
        *,
        theme: ThemeName = "light",
        detail: Detail = "standard",
        text: Words = "outlines",
        names: Naming = "both",
        marks: Marks | None = None,
    ) -> Figure:
        """The model's figure, which a notebook shows: `find("qwen3-0.6b").figure()`."""
        from llm_gallery.figure import Detail, Figure, Naming, ThemeName, Words, draw
        from llm_gallery.figure.steps import steps

        expect("detail", detail, get_args(Detail))
        expect("theme", theme, get_args(ThemeName))
        expect("text", text, get_args(Words))
        expect("names", names, get_args(Naming))
        drawing = draw(self.architecture, self.heading, detail=detail, names=names, marks=marks)
        return Figure(drawing, theme, text, lambda: steps(self.architecture, self.heading))


Given = str | Path | Mapping[str, Any] | LiveConfig | LiveModel | Architecture | Model
"""A catalog id, a path or a Hub id; a config.json, parsed or of transformers; or what is described already."""


def entries(directory: Path | None = None) -> tuple[Entry, ...]:
    """Every entry of a folder, newest first. Raises Refusal naming the file and its faults.

    One that isn't filled in yet is left out, and a warning says what it lacks.
    """
    entries = _complete(files(directory or MODELS))
    return tuple(sorted(entries, key=lambda entry: (-entry.released.toordinal(), entry.id)))


def models(directory: Path | None = None) -> tuple[Model, ...]:
    """Every model of a folder, newest first, each file read once. Raises Refusal as `entries` and `find` do."""
    folder = directory or MODELS
    beside: dict[str, Model] = {}
    models = tuple(
        Model(
            entry.id,
            entry.name,
            architecture(entry),
            folder / f"{entry.id}.toml",
            entry.config,
            entry,
            beside,
        )
        for entry in entries(folder)
    )
    if folder == MODELS:  # where ancestors are from
        beside.update((model.id, model) for model in models)
        _DESCRIBED.update((folder / f"{model.id}.toml", model) for model in models)
    return models


def find(model: str, directory: Path | None = None, *, guess: bool = False) -> Model:
    """The model of a catalog id, whatever lies in the working directory; else the one that a word means.

    That is a config at a path, else a model of the catalog by any of its names, else one of the Hub.
    With `guess`, a config of unknown type is described as the family whose keys fit best, and its
    name says so; a `modeling_*.py` beside it is read for the names of its parts, and never run.

    Raises Refusal where there is none, naming the nearest ids, or several of that name.
    """
    folder = directory or MODELS
    file = folder / f"{model}.toml"
    if file.stem == model and (file in _DESCRIBED or file in files(folder)):
        return _from_catalog(file)
    return _named_model(model, folder, guess=guess)


def model(given: Given, *, guess: bool = False) -> Model:
    """The model that is given in any way; a path that exists goes before a name. Raises Refusal as `find` does."""
    match given:
        case Model():
            return given
        case Architecture():
            return Model(slug(given.model_type), given.model_type + given.caveat, given)
        case Mapping():
            described_model = model(described(given, "the config", guess=guess))
            return replace(described_model, config=given)
        case Path():
            return outside(source(str(given), path=True), guess=guess)
        case str():
            return _named_model(given, MODELS, guess=guess)
        case LiveModel(config=LiveConfig() as live) | (LiveConfig() as live):
            return model(live.to_dict(), guess=guess)
    raise Refusal(
        f"a model is given as {type(given).__name__}, expected its name, a path, a parsed config.json or what "
        "`describe` gave"
    )


def outside(source: Source, *, guess: bool = False) -> Model:
    """The model of a config from outside the catalog."""
    beside = (
        modeling_file(source.config, source.place, source.repository, source.revision)
        if guess
        else ""
    )
    where = printable(source.place, 160) or source.name
    architecture = described(source.config, where, guess=guess, beside=beside)
    if source.unsaid:
        architecture = replace(architecture, warnings=(*architecture.warnings, source.unsaid))
    name = source.name + architecture.caveat
    return Model(slug(source.name), name, architecture, config=source.config)


def _named_model(word: str, catalog: Path, *, guess: bool) -> Model:
    """The model that a word means. Raises Refusal as `find` does."""
    if not holds_config(word):
        if (known_id := identifier(word, catalog)) is not None:
            return _from_catalog(catalog / f"{known_id}.toml")
        if not is_path(word) and parsed(word) is None:
            from difflib import get_close_matches  # only where a name is wrong

            known = [file.stem for file in files(catalog)]
            near = get_close_matches(word[:60].lower(), known, n=3, cutoff=0.4)
            advice = f"the nearest ids are {', '.join(near)}" if near else "see `llm-gallery list`"
            raise Refusal(
                f"{quoted(word)} is no model of the catalog, no path and no Hub id; {advice}"
            )
    return outside(source(word), guess=guess)


def released(file: Path) -> str:
    """The release day of an entry, as its file states it, to sort by."""
    return str(read(file).get("released"))


def organization(repository: str) -> str:
    """The name that all entries of a repository's publisher have; empty where there are none, or several names.

    Entries that are still drafts count too, so that several can be drafted at once.
    """
    owner = repository.partition("/")[0].lower()
    tables = [read(file) for file in files(MODELS)] if owner else []
    named = {
        str(table["organization"])
        for table in tables
        if str(table.get("repository")).lower().startswith(f"{owner}/") and "organization" in table
    }
    return named.pop() if len(named) == 1 else ""


def described(
    config: Mapping[str, Any], where: str, *, guess: bool = False, beside: str = ""
) -> Architecture:
    """The architecture that a config states, or seems to; a refusal says whose config it is.

    `beside` is the text of a modeling file, which helps a guess.
    """
    try:
        return (
            recognition.guess(config, beside) if guess and not known(config) else describe(config)
        )
    except Refusal as refusal:
        better = _of_a_known_base(config)
        raise Refusal(f"{where}: {better or refusal}") from None


def _of_a_known_base(config: Mapping[str, Any]) -> Refusal | None:
    """What is said of an adapter, where the catalog has the model that it changes."""
    base = recognition.adapted(config).lower()
    for file in files(MODELS) if base else ():
        if str(read(file).get("repository")).lower() == base:
            from llm_gallery.catalog.adapter import adapter  # only for what is no config

            return adapter(config, file.stem, _from_catalog(file).architecture.root)
    return None


def architecture(entry: Entry) -> Architecture:
    """The architecture of an entry, with its published context."""
    of_config = described(entry.config, f"{entry.id}.toml")
    other = entry.context
    return of_config if other is None else with_published(of_config, int(other.tokens), other.link)


def slug(text: str) -> str:
    """A name as an id: lower case, words joined by dashes."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "model"


_DESCRIBED: dict[Path, Model] = {}
"""The package's own models, whose files stay as they are, so far."""


def _from_catalog(file: Path) -> Model:
    """The model of an entry; one of the package's own is described once a process."""
    if file.parent != MODELS:
        return _of_file(file)
    if file not in _DESCRIBED:
        _DESCRIBED[file] = _of_file(file)
    return _DESCRIBED[file]


def _of_file(file: Path) -> Model:
    table = read(file)
    name, config = table.get("name"), table.get("config")
    if not isinstance(name, str) or not isinstance(config, dict):
        _entry(file)  # refuses, with all that is missing
        raise AssertionError(file)
    architecture = described(config, file.name)
    context = table.get("context")
    if context is not None:
        match context:
            case {"tokens": int(tokens), "link": str(link)}:
                architecture = with_published(architecture, tokens, link)
            case _:
                _entry(file)  # refuses it
                raise AssertionError(file)
    return Model(file.stem, name, architecture, file, config)


def _complete(files: Iterable[Path]) -> Iterator[Entry]:
    for file in files:
        try:
            yield _entry(file)
        except Incomplete as fault:
            lacks = f"it lacks {', '.join(fault.keys)}"
            warn(f"{file.name} is left out until it is filled in: {lacks}", LeftOut, stacklevel=1)


def _entry(file: Path) -> Entry:
    from llm_gallery.catalog.entry import entry  # numbers and figures need no entry

    return entry(file.stem, read(file), file.name)
