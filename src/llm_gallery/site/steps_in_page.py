"""A token's way in a model's page: the panels, and where the token stands in each, for the script that moves it."""

from __future__ import annotations

from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.steps.step import RING
from llm_gallery.site.contents import Shown
from llm_gallery.site.render import script

Panel = tuple[str, float, float]
"""The drawing, and the px from its left edge and its top to the middle of its token."""


def file(shown: Shown, name: str) -> bytes:
    """All panels as data that the page loads once they come into view."""
    return script(name, [panel(drawing, shown) for drawing in shown.steps.drawings])


def panel(drawing: Drawing, shown: Shown) -> Panel:
    """A panel as it stands in a page. Raises ValueError where it has no token."""
    shown.looks.update(drawing.looks(shown.looks))
    return (drawing.inline(), *_token(drawing))


def _token(drawing: Drawing) -> tuple[float, float]:
    """The middle of the open ring on the stream."""
    for shape in drawing.picture.shapes:
        if isinstance(shape, Box) and (shape.form, shape.edge, shape.width) == (
            "circle",
            "stream",
            2 * RING,
        ):
            return shape.x + RING, shape.y + RING
    raise ValueError(f"{drawing.title}: no ring on the stream, expected one as each panel has it")
