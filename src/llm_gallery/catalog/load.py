"""The catalog's files, and the model that a person means by a word: an id, a path or a Hub repository."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from llm_gallery import families
from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.catalog.ancestors import ancestors
from llm_gallery.catalog.context import with_published
from llm_gallery.catalog.folding import unfolded
from llm_gallery.families import describe, known
from llm_gallery.sources import config_file, hub
from llm_gallery.sources.modeling_file import modeling_file

if TYPE_CHECKING:
    from llm_gallery.catalog.entry import Entry
    from llm_gallery.figure import Detail, Figure, Heading, ThemeName

MODELS = Path(__file__).parent / "models"
LARGEST = 2**20
"""Bytes of the largest entry that is read."""


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

    @cached_property
    def entry(self) -> Entry | None:
        """What the catalog says of the model; None where it comes from a path or the Hub."""
        return self.known or (None if self.file is None else _entry(self.file))

    @cached_property
    def heading(self) -> Heading:
        """What a figure says beside the architecture."""
        from llm_gallery.figure import Heading

        if self.entry is None:
            return Heading(name=self.name)
        entry = self.entry
        before = ancestors().get(self.id)
        known = None if before is None else self.beside.get(before.id) or find(before.id)
        return Heading(
            name=entry.name,
            organization=entry.organization,
            released=entry.released,
            summary=entry.summary,
            hero=entry.hero,
            ancestor="" if known is None else known.name,
            inherited=None if known is None else frozenset(concepts(known.architecture.root)),
        )

    def figure(self, *, theme: ThemeName = "light", detail: Detail = "standard") -> Figure:
        """The model's figure, which a notebook shows: `find("qwen3-0.6b").figure()`."""
        from llm_gallery.figure import Figure, draw
        from llm_gallery.figure.steps import steps

        drawing = draw(self.architecture, self.heading, detail=detail)
        return Figure(drawing, theme, lambda: steps(self.architecture, self.heading))


Given = str | Path | Mapping[str, Any] | Architecture | Model
"""A catalog id, a path or a Hub id; a parsed config.json; or what is described already."""


def entries(directory: Path | None = None) -> tuple[Entry, ...]:
    """Every entry of a folder, newest first. Raises Refusal naming the file and its faults."""
    read = [_entry(file) for file in _files(directory or MODELS)]
    return tuple(sorted(read, key=lambda entry: (-entry.released.toordinal(), entry.id)))


def models(directory: Path | None = None) -> tuple[Model, ...]:
    """Every model of a folder, newest first, each file read once. Raises Refusal as `entries` and `find` do."""
    folder = directory or MODELS
    beside: dict[str, Model] = {}
    found = tuple(
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
        beside.update((model.id, model) for model in found)
    return found


def find(model: str, directory: Path | None = None, *, guess: bool = False) -> Model:
    """The model of a catalog id, else of a path, else of a Hub id that the catalog or the Hub has.

    With `guess`, a config of unknown type is described as the family whose keys fit best, and its
    name says so; a `modeling_*.py` beside it is read for the names of its parts, and never run.

    Raises Refusal where there is none, naming the nearest ids.
    """
    files = {file.stem: file for file in _files(directory or MODELS)}
    if model in files:
        return _from_catalog(files[model])
    if not _is_path(model):
        if not hub.is_repository(model):
            from difflib import get_close_matches  # only where a name is wrong

            near = get_close_matches(model[:60].lower(), files, n=3, cutoff=0.4)
            advice = f"the nearest ids are {', '.join(near)}" if near else "see `llm-gallery list`"
            raise Refusal(
                f"{quoted(model)} is no model of the catalog, no path and no Hub id; {advice}"
            )
        for file in files.values():
            if str(_read(file).get("repository")).lower() == model.lower():
                return _from_catalog(file)
    outside = source(model)
    beside = modeling_file(outside.config, model, outside.repository) if guess else ""
    architecture = described(outside.config, printable(model, 160), guess=guess, beside=beside)
    name = outside.name + architecture.caveat
    return Model(slug(outside.name), name, architecture, config=outside.config)


def model(given: Given, *, guess: bool = False) -> Model:
    """The model that is given in any way. Raises Refusal as `find` does."""
    match given:
        case Model():
            return given
        case Architecture():
            return Model(slug(given.model_type), given.model_type + given.caveat, given)
        case Mapping():
            return model(described(given, "the config", guess=guess))
    return find(str(given), guess=guess)


def released(file: Path) -> str:
    """The release day of an entry, as its file states it, to sort by."""
    return str(_read(file).get("released"))


def organization(repository: str) -> str:
    """The name that all entries of a repository's publisher have; empty where there are none, or several names.

    Entries that are still drafts count too, so that several can be drafted at once.
    """
    owner = repository.partition("/")[0].lower()
    tables = [_read(file) for file in _files(MODELS)] if owner else []
    named = {
        str(table["organization"])
        for table in tables
        if str(table.get("repository")).lower().startswith(f"{owner}/") and "organization" in table
    }
    return named.pop() if len(named) == 1 else ""


class Source(NamedTuple):
    """A config from outside the catalog, the name that its place gives it, and its Hub id if it has one."""

    name: str
    config: Mapping[str, Any]
    repository: str | None = None


def source(place: str) -> Source:
    """The config at a path or in a Hub repository; an address is refused, with the Hub id in it where there is one."""
    if re.match(r"https?://", place):
        named = re.match(r"https?://(?:huggingface\.co|hf\.co)/([\w.-]+/[\w.-]+)", place, re.ASCII)
        raise Refusal(
            f"{quoted(place)} is an address, expected a path or a Hub id; "
            + (f"give {named[1]}" if named else "download what stands there, and give its path")
        )
    if _is_path(place):
        config = config_file.read(Path(place))
        return Source(_named(Path(place).resolve()), config)
    if hub.is_repository(place):
        return Source(place.partition("/")[2], hub.read(place), place)
    raise Refusal(
        f"{quoted(place)} is no path and no Hub id, expected a config.json, the folder that holds "
        "it, or organization/name"
    )


def described(
    config: Mapping[str, Any], where: str, *, guess: bool = False, beside: str = ""
) -> Architecture:
    """The architecture that a config states, or seems to; a refusal says whose config it is.

    `beside` is the text of a modeling file, which helps a guess.
    """
    try:
        return families.guess(config, beside) if guess and not known(config) else describe(config)
    except Refusal as refusal:
        better = _of_a_known_base(config)
        raise Refusal(f"{where}: {better or refusal}") from None


def _of_a_known_base(config: Mapping[str, Any]) -> Refusal | None:
    """What is said of an adapter, where the catalog has the model that it changes."""
    base = families.adapted(config).lower()
    for file in _files(MODELS) if base else ():
        if str(_read(file).get("repository")).lower() == base:
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


def _is_path(model: str) -> bool:
    """Whether the word exists as a path, or can only be meant as one."""
    try:
        return bool(model) and (
            model.startswith((".", "/", "~"))
            or model.endswith(".json")
            or model.count("/") > 1
            or Path(model).exists()
        )
    except (OSError, ValueError):  # too long, or with a null byte
        return True


def _named(path: Path) -> str:
    """A folder's name, or a file's without its ending; `config.json` or `params.json` is named by its folder."""
    if path.is_dir():
        return path.name
    return path.parent.name if path.name in config_file.NAMES else path.stem


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise Refusal(f"{directory} is no folder, expected the catalog's entries; check the path")
    return sorted(directory.glob("*.toml"), key=attrgetter("name"))


def _from_catalog(file: Path) -> Model:
    table = _read(file)
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


def _entry(file: Path) -> Entry:
    from llm_gallery.catalog.entry import entry  # pydantic starts as slowly as all the rest

    return entry(file.stem, _read(file), file.name)


def _read(file: Path) -> dict[str, Any]:
    """An entry's keys, its config unfolded."""
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file} has more than {LARGEST // 2**20} MiB, expected an entry")
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Refusal(f"{file} can't be read ({error.strerror}); check its permissions") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text, expected TOML; correct it") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(f"{file} is not TOML: {error}; correct it there") from None
    if isinstance(table.get("config"), dict):
        table["config"] = unfolded(table["config"])
    return table
