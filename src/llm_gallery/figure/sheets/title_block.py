"""The head of a sheet of many models: its title, and a sentence on how to read it."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import width

MARGIN = 40.0
"""Px round a sheet."""
SIZE = 34.0
"""Px of the type of its title."""


def with_finding(title: str, finding: str, wide: float) -> str:
    """A title that says what a sheet so wide shows, where there is something and it has room."""
    whole = f"{title}: {finding}" if finding else title
    return whole if width(whole, SIZE, 600) <= wide - 2 * MARGIN else title


def title_block(sheet: Sheet, title: str, sentence: str = "") -> float:
    """Writes both, on one line each; gives the baseline of the sentence back."""
    sheet.label(MARGIN, 68, title, size=SIZE, weight=600, role="ink", tracking=-0.7)
    sheet.label(MARGIN, 98, sentence, size=14, role="ink")
    return 98.0
