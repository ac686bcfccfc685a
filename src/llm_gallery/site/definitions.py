"""The page of definitions: `docs/definitions.md` with an anchor at every heading."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.site import vocabulary
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document
from llm_gallery.site.short_forms import slug

SHIPPED = "definitions.md"  # beside this file in an installed wheel
SOURCE = Path("docs/definitions.md")  # in a checkout


def pages(_: Site) -> Iterator[Document]:
    """The page, with the words of the fact sheets and of the concepts."""
    yield Document("definitions/index.html", "definitions.html", _values)


def _values() -> dict[str, object]:
    words = [*vocabulary.facts(), vocabulary.counted()["released"]]
    return {
        "facts": sorted(words, key=lambda term: term.name),
        "concepts": sorted(vocabulary.concepts().values(), key=lambda term: term.name),
        **definitions(),
    }


def definitions() -> dict[str, object]:
    """The text as HTML, and its headings; raw HTML in it stays text, its title becomes the page's own."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _untitled(markdown.parse(_text()))
    contents = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slug(inside.content))
            contents.append((slug(inside.content), inside.content))
    html = markdown.renderer.render(_boxed(tokens), markdown.options, {})
    return {"text": Markup(html), "contents": contents}


def _text() -> str:
    shipped = files("llm_gallery.site").joinpath(SHIPPED)
    if shipped.is_file():
        return shipped.read_text("utf-8")
    checkout = Path(__file__).resolve().parents[3] / SOURCE
    if checkout.is_file():
        return checkout.read_text("utf-8")
    raise Refusal(f"{SOURCE} is missing, expected in the checkout; restore it to build the site")


def _untitled(tokens: list[Token]) -> list[Token]:
    """Without the document's title."""
    start = next((i for i, token in enumerate(tokens) if token.tag == "h1"), None)
    return tokens if start is None else tokens[:start] + tokens[start + 3 :]


def _boxed(tokens: list[Token]) -> list[Token]:
    """Every table in a box of its own that scrolls on a phone and can be reached with the keyboard."""
    boxed: list[Token] = []
    heading = ""
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if before.type == "heading_open":
            heading = token.content
        if token.type == "table_open":
            box = Token("box_open", "div", 1, block=True)
            box.attrs = {
                "aria-label": f"{heading}, table",
                "class": "scroll",
                "role": "region",
                "tabindex": "0",
            }
            boxed.append(box)
        boxed.append(token)
        if token.type == "table_close":
            boxed.append(Token("box_close", "div", -1, block=True))
    return boxed
