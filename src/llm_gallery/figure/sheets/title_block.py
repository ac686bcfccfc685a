"""The head of a sheet of many models: its title, and a sentence on how to read it."""

from __future__ import annotations

from llm_gallery.figure.kit.blocks import Sheet

MARGIN = 40.0
"""Px round a sheet."""


def title_block(sheet: Sheet, title: str, sentence: str = "") -> float:
    """Writes both, on one line each; gives the baseline of the sentence back."""
    sheet.label(MARGIN, 68, title, size=34, weight=600, role="ink", tracking=-0.7)
    sheet.label(MARGIN, 98, sentence, size=14, role="ink")
    return 98.0
