"""A described model as a figure: one call from architecture to drawing; a level's modules are loaded when it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.page import description
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.naming import Naming
from llm_gallery.plan.planning import plan

if TYPE_CHECKING:
    from llm_gallery.figure.marks import Marks
    from llm_gallery.figure.tower.rows import Tower

Format = Literal["card", "paper", "slide"]
Page = Literal["phone", "column", "standard", "full"]
OtherName = Literal["overview", "title"]
Detail = Literal[Format, Page, "layer", OtherName]
OTHER_NAMES: Mapping[Detail, Detail] = {"overview": "card", "title": "slide"}
"""What levels were called before there were towers."""


def draw(
    architecture: Architecture,
    heading: Heading,
    *,
    detail: Detail = "standard",
    names: Naming = "both",
    marks: Marks | None = None,
    address: str = "",
) -> Drawing:
    """The figure as a drawing; the same input gives the same bytes.

    `card`, `paper` and `slide` are one compact tower: 320 × 400, 85 mm wide, 1,280 × 720; they say that they are
    from `address`. `phone` and `column` lead with what keeps the past, for 400 and 800 px; `full` adds to `standard`
    shapes and parameters of each block; `layer` is the wiring of a layer alone, 388 px wide.
    `names` are what blocks are called: plain words, what the field calls them, or both.
    With `marks` of a reader it is larger by its margins.
    """
    drawing = _drawn(architecture, heading, OTHER_NAMES.get(detail, detail), names, address)
    if marks is None:
        return drawing
    from llm_gallery.figure.marks import marked

    return marked(drawing, architecture.root, marks)


def _drawn(
    architecture: Architecture, heading: Heading, detail: Detail, names: Naming, address: str
) -> Drawing:
    if detail in get_args(Format):
        from llm_gallery.figure.tower.build import tower

        return in_format(detail, tower(architecture, heading, names, address=address), heading)
    shown = replace(plan(architecture.root), naming=names)
    if detail == "phone":
        from llm_gallery.figure.page.phone import phone

        picture = phone(architecture, heading, shown)
    elif detail == "column":
        from llm_gallery.figure.page.column import column

        picture = column(architecture, heading, shown)
    elif detail == "layer":
        from llm_gallery.figure.page.layer import layer

        picture = layer(architecture, heading, shown)
    else:
        from llm_gallery.figure.page.wide import wide

        picture = wide(architecture, heading, shown, detail == "full")
    title = description.title(heading)
    return Drawing(picture, title, description.description(architecture, shown), name=heading.id)


def in_format(detail: Detail, rows: Tower, heading: Heading) -> Drawing:
    """A tower's rows, which are the same for each, as `card`, `paper` or `slide`."""
    from llm_gallery.figure.tower.pages import PAGES
    from llm_gallery.figure.tower.spoken import spoken

    return Drawing(PAGES[detail](rows), description.title(heading), spoken(rows), name=heading.id)
