"""A token's way in a model's page: the panels, and the part that each is about, for the inspector that shows them."""

from __future__ import annotations

from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.steps import steps
from llm_gallery.site.contents import Shown
from llm_gallery.site.render import script

Panel = tuple[str, str]
"""The drawing, and the path of its part."""


def file(shown: Shown, name: str) -> bytes:
    """All panels as data that the page loads when the reader starts the walk; none is kept."""
    walked = steps(shown.model.architecture, shown.model.heading)
    drawings = zip(walked.drawings, walked.panels, strict=True)
    return script(name, [panel(drawing, step.part, shown) for drawing, step in drawings])


def panel(drawing: Drawing, part: str, shown: Shown) -> Panel:
    """A panel as it stands in a page."""
    shown.looks.update(drawing.looks(shown.looks))
    return drawing.inline(), part
