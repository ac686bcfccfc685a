"""An Atom feed (RFC 4287): entries with stable ids, dated by their release and never by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry; `key` is what its id is made of, `link` the way from the site's top."""

    key: str
    title: str
    author: str
    day: date
    link: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed without its entries: `path` is its own from the site's top, `page` that of the page that says the same."""

    key: str  # what its id is made of
    title: str
    path: str
    page: str


def feed(of: Feed, items: Sequence[Item], address: str) -> bytes:
    """The feed's bytes, items in the order given; a text reader and a browser show the same.

    Links are absolute where the site's address is known, else relative to the feed, wherever it is read.
    """
    path = of.path
    top = address or "../" * path.count("/")
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", _urn(of.key))
    _text(root, "title", of.title)
    _text(root, "updated", _instant(max(item.day for item in items)))
    SubElement(root, "link", {"rel": "self", "href": top + path, "type": "application/atom+xml"})
    SubElement(root, "link", {"rel": "alternate", "href": top + of.page, "type": "text/html"})
    for item in items:
        entry = SubElement(root, "entry")
        _text(entry, "id", _urn(item.key))
        _text(entry, "title", item.title)
        _text(entry, "updated", _instant(item.day))
        _text(entry, "published", _instant(item.day))
        _text(SubElement(entry, "author"), "name", item.author)
        SubElement(
            entry, "link", {"rel": "alternate", "href": top + item.link, "type": "text/html"}
        )
        _text(entry, "summary", item.text)
    indent(root, " ")
    written: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode()


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _urn(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'llm-architecture-gallery:{key}')}"


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
