"""A described model as a figure: one call from architecture to drawing."""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.model import description, overview
from llm_gallery.figure.model import model_figure as model
from llm_gallery.figure.model.planning import plan

Detail = Literal["overview", "standard", "full"]


def draw(
    architecture: Architecture,
    heading: Heading,
    *,
    detail: Detail = "standard",
    width: float = 280,
) -> Drawing:
    """The figure as a drawing; the same input gives the same bytes.

    `overview` is a card's drawing, tower and strip only, `width` px wide, without name and date;
    `full` adds shapes and parameters of each block.
    """
    shown = plan(architecture.root)
    if detail == "overview":
        picture = overview.overview(architecture, shown, width)
    else:
        picture = model.figure(architecture, heading, shown, detail == "full")
    title = description.title(heading)
    return Drawing(picture, title, description.description(architecture, shown))
