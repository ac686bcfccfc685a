"""A page's metadata for links and search engines: address, title image and kind; sitemap and robots.

Addresses are absolute or not at all: where nobody has said where the site stands, a page says its title alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from llm_gallery.site import menu
from llm_gallery.site.hosting import Hosting
from llm_gallery.site.page import Document, Page

NAME = "LLM Architecture Gallery"
TAIL = f" – {NAME}"
"""How titles of pages end."""
SLIDE = 1280, 720
"""Pixels of a model's title image, which is its slide."""
HOME = "index.html"
COMMON = "title.png"
"""The title image of pages that have none of their own."""
LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
SITEMAP = "sitemap.xml"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What one page tells of itself."""

    document: Document
    hosting: Hosting

    @property
    def address(self) -> str:
        """Of the page; empty where the site's isn't known."""
        return self._absolute(self.document.path)

    @property
    def image(self) -> str:
        """The address of its title image."""
        return self._absolute(self.document.card.image or COMMON)

    @property
    def alt(self) -> str:
        """What is seen on that."""
        return self.document.card.alt or f"{NAME}: the layers of its newest models as strips"

    @property
    def size(self) -> tuple[int, int]:
        """Its pixels, across and down."""
        return self.document.card.size

    def graph(self, title: str, description: str) -> dict[str, Any]:
        """The page as JSON-LD of schema.org, with the way to it from the top."""
        name, card, top = title.removesuffix(TAIL), self.document.card, self.hosting.address
        home = self._absolute(HOME)
        about = {} if card.about is None else card.about(top)
        site = {"@type": "WebSite", "name": NAME, "url": home}
        page = {
            "@type": card.kind,
            "name": name,
            "description": description,
            "url": self.address,
            "image": self.image,
            "inLanguage": "en",
            "license": LICENCE,
            **({} if self.document.path == HOME else {"isPartOf": site}),
            **about,
        }
        way = self._way(name)
        crumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": at, "name": word, "item": address}
                for at, (word, address) in enumerate(way, 1)
            ],
        }
        nodes = [page, crumbs] if len(way) > 1 else [page]
        return {"@context": "https://schema.org", "@graph": nodes}

    def _way(self, name: str) -> list[tuple[str, str]]:
        """The gallery, the page of the menu that this one belongs to, and the page."""
        paths = dict.fromkeys((HOME, menu.section(self.document.path), self.document.path))
        names = {entry.path: entry.name for entry in menu.ENTRIES}
        return [(names.get(path, name), self._absolute(path)) for path in paths if path]

    def _absolute(self, path: str) -> str:
        top = self.hosting.address
        return f"{top}{path}" if top else ""


def files(documents: Iterable[Document], hosting: Hosting) -> Iterator[Page]:
    """The sitemap and robots.txt of a site whose address is known; of another, nothing."""
    if hosting.address:
        listed = tuple(documents)
        yield Page(SITEMAP, lambda: sitemap(listed, hosting))
        lines = f"User-agent: *\nAllow: /\n\nSitemap: {hosting.address}{SITEMAP}\n"
        yield Page("robots.txt", lines.encode)


def sitemap(documents: Iterable[Document], hosting: Hosting) -> bytes:
    """Every page with the day of the newest release that it tells of: a site knows no clock (sitemaps.org 0.9)."""
    root = Element("urlset", {"xmlns": _SITEMAP})
    for document in sorted(documents, key=lambda document: document.path):
        url = SubElement(root, "url")
        SubElement(url, "loc").text = f"{hosting.address}{document.path}"
        if document.card.newest is not None:
            SubElement(url, "lastmod").text = document.card.newest.isoformat()
    indent(root, " ")
    written: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def organization(name: str) -> Mapping[str, str]:
    """Who made something, as JSON-LD."""
    return {"@type": "Organization", "name": name}


def download(address: str, form: str) -> Mapping[str, str]:
    """A file of data, as JSON-LD."""
    return {"@type": "DataDownload", "encodingFormat": form, "contentUrl": address}
