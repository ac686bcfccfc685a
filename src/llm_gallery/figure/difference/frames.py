"""Frames of several models beside one another, as high as what stands between them where their gaps can take it."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.difference.bands import bands
from llm_gallery.figure.frame import layer_frame
from llm_gallery.figure.frame.place import Framed
from llm_gallery.figure.kit.shapes import Picture

APART = 40.0
"""Px between frames under one another."""
MOST_MORE = 28.0
"""Px that a gap grows at most."""


def frames(models: Sequence[Framed], wide: float) -> list[Picture]:
    """A frame a model, so wide each, and all of one height."""
    return layer_frame.frames(models, bands([model.one for model in models]), wide)


def higher(models: Sequence[Framed], drawn: Sequence[Picture], least: float) -> Sequence[Picture]:
    """The drawn frames, `least` px high where their gaps can take it."""
    spare, wide = least - drawn[0].height, drawn[0].width
    if spare <= 0:
        return drawn
    aligned = bands([model.one for model in models])
    gaps = sum(2 + max(len(one.steps) for one in band if one is not None) for band in aligned)
    return layer_frame.frames(models, aligned, wide, min(MOST_MORE, spare / max(1, gaps)))
