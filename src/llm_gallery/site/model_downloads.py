"""Downloads of a model's page: its figures, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llm_gallery.figure import Detail


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
    "figure-overview": "overview",
}
"""Figures for other pages, one file a width: each carries its letters, and all its themes."""
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
    Download("Figure", (*_themes("figure"), File("PDF", "figure.pdf"))),
    Download("Figure, for a column of text", lettered="figure-column"),
    Download("Figure, for a phone", _themes("figure-phone")),
    Download("Figure, with shapes", made="full"),
    Download("Overview", _themes("figure-overview")),
    Download("A token’s way, step by step", made="steps"),
    Download("Every number of this page", (File("JSON", "facts.json"),)),
)
