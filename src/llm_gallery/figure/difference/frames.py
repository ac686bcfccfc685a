"""Frames of several models beside one another, as high as what stands between them where their gaps can take it."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.difference.bands import bands
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.page import layer_frame
from llm_gallery.figure.page.frame_place import Framed

MOST_MORE = 28.0
"""Px that a gap grows at most."""


def frames(models: Sequence[Framed], wide: float, least: float = 0.0) -> list[Picture]:
    """A frame a model, so wide each, and all of one height: `least` where the gaps can take it."""
    aligned = bands([model.one for model in models])
    drawn = layer_frame.frames(models, aligned, wide)
    spare = least - drawn[0].height
    if spare <= 0:
        return drawn
    gaps = sum(2 + max(len(one.steps) for one in band if one is not None) for band in aligned)
    return layer_frame.frames(models, aligned, wide, min(MOST_MORE, spare / max(1, gaps)))
