"""A described model as a figure: one call from architecture to drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.page import column, description, layer, phone, wide
from llm_gallery.figure.tower import pages
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.rows import Tower
from llm_gallery.figure.tower.spoken import spoken
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan

Page = Literal["phone", "column", "standard", "full"]
OtherName = Literal["overview", "title"]
Detail = Literal["card", "paper", "slide", Page, "layer", OtherName]
OTHER_NAMES: Mapping[Detail, Detail] = {"overview": "card", "title": "slide"}
"""What levels were called before there were towers."""


def draw(
    architecture: Architecture,
    heading: Heading,
    *,
    detail: Detail = "standard",
    address: str = "",
) -> Drawing:
    """The figure as a drawing; the same input gives the same bytes.

    `card`, `paper` and `slide` are one compact tower: 320 × 400, 85 mm wide, 1,280 × 720; they say that they are
    from `address`. `phone` and `column` lead with what keeps the past, for 400 and 800 px; `full` adds to `standard`
    shapes and parameters of each block; `layer` is the wiring of a layer alone, 388 px wide.
    """
    detail = OTHER_NAMES.get(detail, detail)
    if detail in pages.PAGES:
        return in_format(detail, tower(architecture, heading, address=address), heading)
    shown = plan(architecture.root)
    if detail == "phone":
        picture = phone.phone(architecture, heading, shown)
    elif detail == "column":
        picture = column.column(architecture, heading, shown)
    elif detail == "layer":
        picture = layer.layer(architecture, heading, shown)
    else:
        picture = wide.wide(architecture, heading, shown, detail == "full")
    title = description.title(heading)
    return Drawing(picture, title, description.description(architecture, shown), name=heading.id)


def in_format(detail: Detail, rows: Tower, heading: Heading) -> Drawing:
    """A tower's rows, which are the same for each, as `card`, `paper` or `slide`."""
    picture = pages.PAGES[detail](rows)
    return Drawing(picture, description.title(heading), spoken(rows), name=heading.id)
