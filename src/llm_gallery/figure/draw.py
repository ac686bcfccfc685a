"""A described model as a figure: one call from architecture to drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.marks import Marks, marked
from llm_gallery.figure.page import column, description, phone, wide
from llm_gallery.figure.tower import pages
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.spoken import spoken
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan

Page = Literal["phone", "column", "standard", "full"]
OtherName = Literal["overview", "title"]
Detail = Literal["card", "paper", "slide", Page, OtherName]
OTHER_NAMES: Mapping[Detail, Detail] = {"overview": "card", "title": "slide"}
"""What levels were called before there were towers."""


def draw(
    architecture: Architecture,
    heading: Heading,
    *,
    detail: Detail = "standard",
    address: str = "",
    marks: Marks | None = None,
) -> Drawing:
    """The figure as a drawing; the same input gives the same bytes.

    `card`, `paper` and `slide` are one compact tower: 320 × 400, 85 mm wide, 1,280 × 720; they say that they are
    from `address`. `phone` and `column` lead with what keeps the past, for 400 and 800 px; `full` adds to `standard`
    shapes and parameters of each block. With `marks` of a reader it is larger by its margins.
    """
    drawing = _drawn(architecture, heading, detail, address)
    return marked(drawing, architecture.root, marks) if marks else drawing


def _drawn(architecture: Architecture, heading: Heading, detail: Detail, address: str) -> Drawing:
    detail = OTHER_NAMES.get(detail, detail)
    if (page := pages.PAGES.get(detail)) is not None:
        rows = tower(architecture, heading, address=address)
        return Drawing(page(rows), description.title(heading), spoken(rows), name=heading.id)
    shown = plan(architecture.root)
    if detail == "phone":
        picture = phone.phone(architecture, heading, shown)
    elif detail == "column":
        picture = column.column(architecture, heading, shown)
    else:
        picture = wide.wide(architecture, heading, shown, detail == "full")
    title = description.title(heading)
    return Drawing(picture, title, description.description(architecture, shown), name=heading.id)
