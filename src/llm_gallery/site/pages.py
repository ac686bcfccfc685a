"""Every file of the site: one list of what makes pages, in one order, from the same input the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path

from llm_gallery.figure.kit.drawing import Looks, faces
from llm_gallery.site import (
    about_page,
    ancestry,
    changes_page,
    code_page,
    compare_page,
    concept_page,
    data_page,
    definitions,
    describe_page,
    embed_page,
    followers_page,
    gallery_page,
    learn_page,
    legend_page,
    lineage_page,
    measured_page,
    model_page,
    next_page,
    poster_page,
    render,
    run_in_page,
    run_page,
    search_page,
    sharing,
    sizes_page,
    timeline_page,
    title_images,
    trends_page,
    year_page,
)
from llm_gallery.site.contents import Site, site
from llm_gallery.site.hosting import NOWHERE, Hosting
from llm_gallery.site.menu import menu
from llm_gallery.site.page import TREE, TRENDS, Document, Page

MAKERS: tuple[Callable[[Site], Iterable[Page | Document]], ...] = (
    gallery_page.pages,
    search_page.pages,
    model_page.pages,
    code_page.pages,
    compare_page.pages,
    run_page.pages,
    definitions.pages,
    legend_page.pages,
    describe_page.pages,
    run_in_page.pages,
    data_page.pages,
    lineage_page.pages,
    followers_page.pages,
    learn_page.pages,
    concept_page.pages,
    trends_page.pages,
    sizes_page.pages,
    next_page.pages,
    year_page.pages,
    timeline_page.pages,
    poster_page.pages,
    changes_page.pages,
    about_page.pages,
    measured_page.pages,
    embed_page.pages,
    title_images.pages,
)
"""A new page is a module with such a function, a line here and, if it is to stand in the menu, in menu.py.

None of them asks for the family tree before a page is rendered: it takes a second to work out.
"""


DEPTH = 6
"""Folders below the top in which a missing page finds it without being told; pages stand two deep."""


@dataclass(frozen=True, slots=True)
class Files:
    """All files but the sheets of drawings' looks, and those looks, complete once all pages are rendered."""

    first: tuple[Page, ...]  # those that tell nothing of descent
    others: Callable[[], tuple[Page, ...]]  # the rest, once the family tree is worked out
    looks: Looks
    card_looks: Looks  # those of the gallery's cards
    sheet_looks: Looks  # those of drawings of the whole catalog
    forget: Callable[[str], None]  # what the pages of a work shared, once they are written

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages."""
        return (*self.first, *self.others())


def files(
    catalog: Path | None = None, hosting: Hosting = NOWHERE, census: Path | None = None
) -> Files:
    """The files of a catalog's site. Raises Refusal where the catalog has a fault."""
    whole_site = site(catalog, hosting, census)
    pages = [page for maker in MAKERS for page in maker(whole_site)]
    entries = menu(page.path for page in pages)
    pages += sharing.files([page for page in pages if isinstance(page, Document)], hosting)
    pages.append(missing(hosting))
    rendered = [
        Page(page.path, partial(render.html, page, entries, hosting), page.work)
        if isinstance(page, Document)
        else page
        for page in pages
    ]
    # The longest work first, so that no process is left alone with it at the end.
    works = (
        *(TREE, TRENDS),
        *map(whole_site.compared_with, whole_site.models),
        *(shown.id for shown in whole_site.models),
    )
    by_work: dict[str, list[Page]] = {work: [] for work in works}
    first = [page for page in rendered if page.work not in by_work]
    for page in rendered:
        if page.work in by_work:
            by_work[page.work].append(page)

    def others() -> tuple[Page, ...]:
        whole_site.measure()
        return (*chain.from_iterable(by_work.values()), *ancestry.pages(whole_site))

    return Files(
        (*first, *_static()),
        others,
        whole_site.looks,
        whole_site.card_looks,
        whole_site.sheet_looks,
        whole_site.forget,
    )


def missing(hosting: Hosting) -> Document:
    """The page of what isn't there, served for any address, however deep.

    So its links start at the host's root; below a sub-path that nobody has named, its script finds the top.
    """
    up = () if hosting.root else tuple("../" * depth or "./" for depth in range(DEPTH))
    return Document("404.html", "missing.html", lambda: {"up": up}, root=hosting.root or "/")


def _static() -> Iterator[Page]:
    """Style, scripts and fonts as they lie in the package."""
    here = resources.files("llm_gallery.site").joinpath("static")
    for path in sorted(_paths(here)):
        yield Page(f"static/{path}", here.joinpath(path).read_bytes)
    # For files made in the page, which carry their font as all downloads do.
    yield Page("static/faces.js", lambda: render.script("faces", faces()))


def _paths(folder: Traversable, before: str = "") -> Iterator[str]:
    for part in folder.iterdir():
        if part.is_dir():
            yield from _paths(part, f"{before}{part.name}/")
        else:
            yield before + part.name
