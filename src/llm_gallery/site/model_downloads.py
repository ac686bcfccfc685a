"""Downloads of a model's page: its figures, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llm_gallery.figure import Detail
from llm_gallery.site.citation import FILE


@dataclass(frozen=True, slots=True)
class File:
    """A download beside the page; by its `theme` the page makes another of it, named so."""

    name: str
    path: str
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """One thing in several formats; what is `made` the page makes of a drawing that it loads when somebody asks.

    Likewise what is `lettered` there, in each theme.
    """

    name: str
    files: tuple[File, ...] = ()
    made: str = ""
    lettered: str = ""


IMAGES: Mapping[str, Detail] = {
    "figure": "standard",
    "figure-phone": "phone",
}
"""Figures for other pages, one file a width: each carries its letters, and all its themes."""
OUTLINED: Mapping[str, Detail] = {
    "card": "card",
    "figure-overview": "card",  # its address from before there were cards
    "paper": "paper",
    "slide": "slide",
}
"""Towers, which go where no font is read, too: in outlines, with all their themes."""
TIKZ: Detail = "paper"
EXCALIDRAW: Detail = "slide"
"""Towers whose parts have names, each for the place where it is set or moved."""
UNLETTERED: Mapping[str, Detail] = {"figure-column": "column"}
"""Figures of the same kind that pages put their letters into, here and elsewhere: a fifth as long, and no image's address."""


def _themes(figure: str) -> tuple[File, ...]:
    """An image in each theme."""
    path = f"{figure}.svg"
    return (
        File("SVG", path),
        File("dark", f"{path}#dark", "dark"),
        File("black and white", f"{path}#print", "print"),
    )


DOWNLOADS = (
    Download("Card", _themes("card")),
    Download("For a column of a paper", (*_themes("paper"), File("TikZ", "paper.tex"))),
    Download("Slide", (*_themes("slide"), File("Excalidraw", "slide.excalidraw"))),
    Download("Figure", (*_themes("figure"), File("PDF", "figure.pdf"))),
    Download("Figure, for a column of text", lettered="figure-column"),
    Download("Figure, for a phone", _themes("figure-phone")),
    Download("Figure, with shapes", made="full"),
    Download("A token’s way, step by step", made="steps"),
    Download("Every number of this page", (File("JSON", "facts.json"),)),
    Download("Citation", (File("BibTeX", FILE),)),
)
