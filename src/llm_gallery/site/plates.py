"""Drawings inside pages: they follow the reader's theme, so their looks are rules of one shared style sheet."""

from __future__ import annotations

from markupsafe import Markup

from llm_gallery.figure import Detail
from llm_gallery.figure.kit.drawing import Drawing, Looks

CARD = 320.0
"""Px of an overview: what a card has room for, on a desktop in three columns and on a phone."""
EDGE = 24.0
"""Px above what is drawn: the stage has a margin of its own."""


def in_page(drawn: Drawing, detail: Detail, looks: Looks, *, described: bool = True) -> Markup:
    """A drawing without style element and ground; its classes are explained in `looks`.

    A strict Content-Security-Policy allows no inline style, and a theme may be chosen in the page: the
    rules go to a style sheet that all pages share, where those that differ become `light-dark()`. The
    head, which a figure has first, is left out: the page says name and numbers already.
    """
    looks.update(drawn.looks(looks))
    if detail == "overview":
        return Markup(drawn.inline(described=described))
    top, _ = drawn.picture.inside[1]
    return Markup(drawn.inline(skip=1, top=top.y - EDGE))
