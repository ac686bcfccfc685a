"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from llm_gallery.figure import Detail
from llm_gallery.figure.kit.drawing import Drawing, Looks

AT_EDGE: Mapping[str, float] = {"phone": 8.0, "column": 16.0}
"""Px less at each side of these figures: they stand at the window's edge, and so their type keeps 10 px there."""
WIDTHS: tuple[Detail, ...] = ("phone", "column", "standard")
"""A model's figure for three widths; a page has all of them, and its style sheet shows the one that fits."""
ROOMS: Mapping[Detail, int] = {"column": 768, "standard": 1144}
"""Px of room from which these are shown, as in the style sheet: their smallest type then has 10 px."""
LEVELS: tuple[Detail, ...] = (*WIDTHS, "full")
"""What a reader can choose from."""

WHERE_SMALL: Mapping[Detail, str] = {
    "card": "@media(max-width:200px){.type,.new{display:none}"
    ".layer>text:first-of-type,.lens>text,.loop>text{fill-opacity:1;font-size:15.2px}}"
}
"""The last rules of an image: where a card is less than 200 px wide, counts are all that it writes, in 7 px at least."""


def in_page(
    drawn: Drawing, detail: Detail | None, looks: Looks, anchor: str | None = None
) -> Markup:
    """A drawing without style element and ground; its classes are explained in `looks`.

    A strict Content-Security-Policy allows no inline style, and a theme may be chosen in the page: the
    rules go to a style sheet that all pages share, where those that differ become `light-dark()`. Of a model's
    figure at a level the head, which it has first, is left out: the page says name and numbers already. By an
    `anchor` the page may show it once more.
    """
    looks.update(drawn.looks(looks))
    if detail not in LEVELS:
        return Markup(drawn.inline(anchor=anchor))
    at, head = drawn.picture.inside[0]
    side = AT_EDGE.get(detail, 0)
    return Markup(drawn.inline(skip=1, top=at.y + head.height, side=side))
