"""A described model as a figure: one call from architecture to drawing."""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.page import column, description, layer, overview, phone, wide
from llm_gallery.figure.page import title as title_image
from llm_gallery.figure.tower import pages
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.spoken import spoken
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan

Page = Literal["overview", "phone", "column", "standard", "full", "title"]
Detail = Literal[Page, "layer", "card", "paper", "slide"]


def draw(
    architecture: Architecture, heading: Heading, *, detail: Detail = "standard", width: float = 280
) -> Drawing:
    """The figure as a drawing; the same input gives the same bytes.

    `overview` is a card's drawing, strip and names of its bars, `width` px wide, without name and date;
    `phone` and `column` lead with what keeps the past, for 400 and 800 px; `full` adds to `standard`
    shapes and parameters of each block; `title` is what a page that links to the model shows, 800 × 420;
    `layer` is the frame of a layer alone, 388 px wide.
    `card`, `paper` and `slide` are one compact tower: 320 × 400, 85 mm wide, 1,280 × 720.
    """
    if (page := pages.PAGES.get(detail)) is not None:
        rows = tower(architecture, heading)
        return Drawing(page(rows), description.title(heading), spoken(rows), name=heading.id)
    shown = plan(architecture.root)
    if detail == "overview":
        picture = overview.overview(architecture, shown, width)
    elif detail == "phone":
        picture = phone.phone(architecture, heading, shown)
    elif detail == "column":
        picture = column.column(architecture, heading, shown)
    elif detail == "layer":
        picture = layer.layer(architecture, heading, shown)
    elif detail == "title":
        picture = title_image.title(architecture, heading, shown)
    else:
        picture = wide.wide(architecture, heading, shown, detail == "full")
    title = description.title(heading)
    return Drawing(picture, title, description.description(architecture, shown), name=heading.id)
