"""A picture with the sentences that stand under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Content, width

Draw = Callable[[Sheet, float, float], float]
"""Draws on a sheet, so wide, from the height y down; gives back where it ends."""


class Panel(NamedTuple):
    """One way of keeping and reading the past, or another thing that is new: its picture, and its sentences."""

    draw: Draw | None  # None where the wiring shows it
    words: str
    broad: bool = False  # whether it takes all the width that it can get
    whole: bool = False  # whether it shows all that the wiring would


def fitting(room: float, size: float, *forms: Content) -> Content:
    """The first of several ways to say something that has room, or the last."""
    return next((form for form in forms if width(form, size) <= room), forms[-1])
