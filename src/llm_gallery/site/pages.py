"""Every file of the site as (path, render): one list, in one order, from the same input the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.units import binary, grouped
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.facts import model_facts
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.figure import Detail, ThemeName, export
from llm_gallery.site import vocabulary
from llm_gallery.site.definitions import definitions
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.gallery_page import gallery
from llm_gallery.site.model_page import model as model_page
from llm_gallery.site.palette import style_sheet
from llm_gallery.site.plates import Looks, Plate, in_page, plate
from llm_gallery.site.words import count, share, slug

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What a page may load and do: its own files, nothing inline, nothing from elsewhere."""

DETAILS: tuple[Detail, ...] = ("overview", "standard", "full")


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site: where it stands, and what makes it."""

    path: str
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Shown:
    """A model ready to be shown: described, and drawn for its pages."""

    model: Model
    exhibit: Exhibit
    plates: Mapping[Detail, Plate]
    drawings: Mapping[Detail, Markup]


def pages(catalog: Path | None = None) -> tuple[Page, ...]:
    """All files. Raises Refusal where the catalog has a fault."""
    listed = entries(catalog)
    if not listed:
        raise Refusal(f"{catalog} holds no entry, expected one TOML file a model; add one")
    looks: Looks = {}
    shown = [_shown(find(entry.id, catalog), entry, looks) for entry in listed]
    return (
        *_front(shown),
        *(page for one in shown for page in _of_model(one, shown)),
        Page("static/palette.css", partial(_bytes, style_sheet(looks))),
        *_static(),
    )


def _shown(model: Model, entry: Entry, looks: Looks) -> Shown:
    root = model.architecture.root
    named = tuple(dict.fromkeys((*concepts(root), *entry.concepts)))
    plates = {detail: plate(model.architecture, model.heading, detail) for detail in DETAILS}
    drawings = {}
    for detail in DETAILS:
        drawings[detail], found = in_page(plates[detail], detail)
        looks.update(found)
    return Shown(model, Exhibit(entry, model.architecture, named), plates, drawings)


def _front(shown: Sequence[Shown]) -> Iterator[Page]:
    """The gallery, the definitions, what is said of an unknown address, and the data of all models."""
    exhibits = [one.exhibit for one in shown]

    def front() -> bytes:
        overviews = {one.model.id: one.drawings["overview"] for one in shown}
        return _html("gallery.html", "./", "gallery", gallery(exhibits, overviews))

    def defined() -> bytes:
        text = definitions()
        words = [*vocabulary.facts().values(), vocabulary.counted()["released"]]
        terms = {
            "facts": sorted(words, key=lambda term: term.name),
            "concepts": sorted(vocabulary.concepts().values(), key=lambda term: term.name),
        }
        return _html("definitions.html", "../", "definitions", {**terms, **text})

    yield Page("index.html", front)
    yield Page("definitions/index.html", defined)
    # Served for any address, however deep, so its links start at the host's root.
    yield Page("404.html", partial(_html, "missing.html", "/", "", {}))
    yield Page("data/models.json", lambda: _json([_data(one) for one in shown]))


def _of_model(one: Shown, shown: Sequence[Shown]) -> Iterator[Page]:
    """A model's page and what can be taken away from it."""
    folder = f"models/{one.model.id}"

    def html() -> bytes:
        values = model_page(one.exhibit, [other.exhibit for other in shown], one.drawings)
        return _html("model.html", "../../", "model", values)

    yield Page(f"{folder}/index.html", html)
    yield Page(f"{folder}/facts.json", lambda: _json(_data(one)))
    yield Page(f"{folder}/figure-full.page.svg", partial(_bytes, str(one.drawings["full"])))
    for name, theme, detail in FIGURES:
        yield Page(f"{folder}/{name}.svg", partial(_svg, one.plates[detail], theme))
    standard = one.plates["standard"]
    yield Page(f"{folder}/figure.png", lambda: export.png(standard.svg("light"), scale=1.5))
    yield Page(f"{folder}/figure.pdf", lambda: export.pdf(standard.svg("light")))


FIGURES: tuple[tuple[str, ThemeName, Detail], ...] = (
    ("figure", "light", "standard"),
    ("figure-dark", "dark", "standard"),
    ("figure-print", "print", "standard"),
    ("figure-full", "light", "full"),
    ("figure-overview", "light", "overview"),
)
"""Figures to take away: each stands alone, with its font inside."""


def _svg(held: Plate, theme: ThemeName) -> bytes:
    return _bytes(held.svg(theme))


def _data(one: Shown) -> dict[str, Any]:
    """A model's facts with what its entry says."""
    entry = one.exhibit.entry
    said = {
        "organization": entry.organization,
        "repository": entry.repository,
        "released": entry.released.isoformat(),
        "summary": entry.summary,
        "licence": {"name": entry.licence.name, "link": entry.licence.link},
        "report": entry.report,
        "context_published": entry.context,
    }
    return {**model_facts(one.model), **said}


def _static() -> Iterator[Page]:
    """Style, scripts and fonts as they lie in the package; the italic of the figures' font too."""
    here = files("llm_gallery.site").joinpath("static")
    for path in sorted(_paths(here)):
        yield Page(f"static/{path}", here.joinpath(path).read_bytes)
    italic = files("llm_gallery.figure").joinpath("fonts/Inter-Italic.woff2")
    yield Page("static/fonts/inter-italic.woff2", italic.read_bytes)


def _paths(folder: Traversable, before: str = "") -> Iterator[str]:
    for part in folder.iterdir():
        if part.is_dir():
            yield from _paths(part, f"{before}{part.name}/")
        else:
            yield before + part.name


def _html(template: str, root: str, here: str, values: Mapping[str, Any]) -> bytes:
    text = (
        _environment().get_template(template).render(root=root, here=here, policy=POLICY, **values)
    )
    return _bytes(text)


def _json(data: object) -> bytes:
    return _bytes(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _bytes(text: str) -> bytes:
    return text.encode()


@cache
def _environment() -> Environment:
    """Templates with everything escaped, and a missing value an error."""
    made = Environment(
        loader=PackageLoader("llm_gallery.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "binary": binary,
        "grouped": grouped,
        "host": lambda address: urlsplit(address).hostname,
        "share": share,
        "short": count,
        "slug": slug,
    }
    return made
