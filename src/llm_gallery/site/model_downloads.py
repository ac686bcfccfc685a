"""What can be taken away from a model's page: its figures, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.figure import Detail, ThemeName


@dataclass(frozen=True, slots=True)
class File:
    """A download beside the page."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Download:
    """One thing in several formats."""

    name: str
    files: tuple[File, ...]


_FORMATS = (File("SVG", "figure.svg"), File("PDF", "figure.pdf"))
DOWNLOADS = (
    Download("Figure", _FORMATS),
    Download("Figure, for a column of text", (File("SVG", "figure-column.svg"),)),
    Download("Figure, for a phone", (File("SVG", "figure-phone.svg"),)),
    Download("Figure, with shapes", (File("SVG", "figure-full.svg"),)),
    Download("Figure, dark", (File("SVG", "figure-dark.svg"),)),
    Download("Figure, black and white", (File("SVG", "figure-print.svg"),)),
    Download("Overview", (File("SVG", "figure-overview.svg"),)),
    Download("A token’s way, step by step", (File("SVG", "steps.svg"),)),
    Download("Every number of this page", (File("JSON", "facts.json"),)),
)


FIGURES: tuple[tuple[str, ThemeName, Detail], ...] = (
    ("figure", "light", "standard"),
    ("figure-dark", "dark", "standard"),
    ("figure-print", "print", "standard"),
    ("figure-phone", "light", "phone"),
    ("figure-column", "light", "column"),
    ("figure-full", "light", "full"),
    ("figure-overview", "light", "overview"),
)
"""Figures to take away: each stands alone and carries its type."""
