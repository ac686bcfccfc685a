"""What a moving picture is made of: shapes as text, sliders, the numbers that its script draws from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 400
"""Units of every picture's breadth; the style sheet says how many px they are."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A control beside the lesson's dial: what it is called, its whole steps, where it stands at first."""

    id: str
    name: str
    least: int
    most: int
    at: int
    words: str  # what it reads at first


@dataclass(frozen=True, slots=True)
class MovingPicture:
    """One picture: `script` of static/moving/ redraws it from `numbers` at what the dial and the sliders say."""

    script: str
    numbers: Mapping[str, object]
    height: int
    still: Markup
    label: str
    says: str  # what it shows where it stands first
    note: str
    sliders: tuple[Slider, ...]
    plays: bool = True  # whether the first slider moves by itself

    @property
    def data(self) -> str:
        """The numbers as JSON."""
        return json.dumps(self.numbers, separators=(",", ":"))


def shape(name: str, look: str, **places: float | str) -> Markup:
    """An element with a class and attributes; numbers to a hundredth."""
    written = "".join(
        f' {key.replace("_", "-")}="{escape(round(value, 2) if isinstance(value, float) else value)}"'
        for key, value in places.items()
    )
    return Markup('<{} class="{}"{}/>').format(name, look, Markup(written))


def words(text: str, look: str, x: float, y: float) -> Markup:
    """A text at its place."""
    return Markup('<text class="{}" x="{:g}" y="{:g}">{}</text>').format(look, x, y, text)
