"""Every shape of a picture: copied once for all gates that ask of the same one after another."""

from __future__ import annotations

from llm_gallery.figure.kit import shapes
from llm_gallery.figure.kit.shapes import Picture, Shape

_last: list[tuple[Picture, tuple[Shape, ...]]] = []


def flat(picture: Picture) -> tuple[Shape, ...]:
    """The shapes where they stand in the whole; nobody changes one."""
    if not _last or _last[0][0] is not picture:
        _last[:] = [(picture, shapes.flat(picture))]
    return _last[0][1]
