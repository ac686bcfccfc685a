"""Each model's page, and the files beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import quote

from llm_gallery.figure import Detail
from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import TypeOfImage
from llm_gallery.figure.themed_figure import Figure
from llm_gallery.parts.details import parts
from llm_gallery.site import steps_in_page
from llm_gallery.site.citation import FILE, bibtex
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.model_downloads import EXCALIDRAW, IMAGES, OUTLINED, TIKZ, UNLETTERED
from llm_gallery.site.model_values import values
from llm_gallery.site.page import Card, Document, Page
from llm_gallery.site.page_facts import page_facts
from llm_gallery.site.plates import WHERE_SMALL
from llm_gallery.site.render import script, to_json
from llm_gallery.site.sharing import COMMON, LICENCE, SLIDE, download, organization
from llm_gallery.site.short_forms import many


def pages(site: Site) -> Iterator[Page | Document]:
    """Each model's page and what can be taken away from it."""
    for shown in site.models:
        yield from _of_model(shown, site)


def _of_model(shown: Shown, site: Site) -> Iterator[Page | Document]:
    folder, work = f"models/{shown.id}", shown.id
    filled = partial(shown.cached, values, partial(values, shown, site))
    yield Document(f"{folder}/index.html", "model.html", filled, work, card=_card(shown))
    yield Page(f"{folder}/facts.json", lambda: _facts(shown, filled()), work)
    yield Page(f"{folder}/parts.js", partial(_parts, shown), work)
    standard = partial(shown.plate, "standard")
    for name, detail in IMAGES.items():
        yield Page(f"{folder}/{name}.svg", partial(_image, shown, detail, "letters"), work)
    outlined = cache(lambda detail: _image(shown, detail, "outlines"))
    for name, detail in OUTLINED.items():
        yield Page(f"{folder}/{name}.svg", partial(outlined, detail), work)
    for name, detail in UNLETTERED.items():
        yield Page(f"{folder}/{name}.js", partial(_unlettered, shown, name, detail), work)
    yield Page(f"{folder}/{TIKZ}.tex", lambda: Figure(shown.plate(TIKZ)).tikz().encode(), work)
    scene = f"{folder}/{EXCALIDRAW}.excalidraw"
    yield Page(scene, lambda: Figure(shown.plate(EXCALIDRAW)).excalidraw().encode(), work)
    yield Page(f"{folder}/figure.pdf", lambda: export.pdf(standard()), work)
    cited = partial(bibtex, shown.exhibit.entry, site.hosting, site.newest)
    yield Page(f"{folder}/{FILE}", lambda: f"{cited()}\n".encode())
    # Of no work: so little that it shares with the page is written while the family tree is worked out.
    steps = f"drawings/{shown.id}-steps"
    yield Page(f"{steps}.js", partial(steps_in_page.file, shown, steps))


def _card(shown: Shown) -> Card:
    """What its page says of itself: the model that it is about, and its facts as data."""
    entry = shown.exhibit.entry
    model = {
        "@type": "CreativeWork",
        "name": entry.name,
        "creator": organization(entry.organization),
        "datePublished": entry.released.isoformat(),
        "license": entry.licence.link,
        "sameAs": f"https://huggingface.co/{quote(entry.repository)}",
        **({} if entry.report is None else {"citation": entry.report}),
    }
    facts = {
        "@type": "Dataset",
        "name": f"Facts of {entry.name}",
        "description": f"Every number and fact of the architecture of {entry.name}, computed from its config.json.",
        "license": LICENCE,
    }
    folder = f"models/{entry.id}"
    return Card(
        kind="TechArticle",
        about=lambda top: {
            "about": model,
            "hasPart": {
                **facts,
                "distribution": download(f"{top}{folder}/facts.json", "application/json"),
            },
        },
        image=f"{folder}/{COMMON}",
        alt=f"{entry.name}: its {many(shown.exhibit.layers, 'layer')} as one tower, and what is new in it",
        size=SLIDE,
        newest=entry.released,
    )


def _facts(shown: Shown, filled: Mapping[str, Any]) -> bytes:
    page = page_facts(filled, shown.plate).model_dump(mode="json")
    return to_json({**shown.facts, "page": page})


def _image(shown: Shown, detail: Detail, type: TypeOfImage) -> bytes:  # noqa: A002 - as a drawing has it
    return shown.plate(detail).image(type, WHERE_SMALL.get(detail, "")).encode()


def _unlettered(shown: Shown, name: str, detail: Detail) -> bytes:
    """An image as `static/letters.js` takes it."""
    return script(f"{name}/{shown.id}", shown.plate(detail).image("none"))


def _parts(shown: Shown) -> bytes:
    """What the blocks of its figures say of themselves."""
    return script(f"parts/{shown.id}", parts(shown.exhibit.root, shown.code))
